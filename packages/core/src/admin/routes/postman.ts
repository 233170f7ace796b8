import { pickPartners } from '@imnot/schema'
import { refuse, respondJson } from '../../http/respond.ts'
import type { AdminServices } from '../admin.ts'
import type { AdminRoute } from '../admin-route.ts'

/** The collection, where the host can make one. */
export function postmanRoutes({ catalogue, postman }: AdminServices): AdminRoute[] {
  if (postman === undefined) return []
  return [
    {
      method: 'GET',
      path: '/imnot/admin/postman',
      summary: 'A Postman collection (v2.1) of the partners',
      access: 'admin',
      query: {
        partner: 'Only this partner; several times for several',
        base_url: 'Where consumers reach imnot; by default where this server knows itself to be',
      },
      answers: { 200: 'The collection', 400: 'A base_url that is none', 404: 'No such partner' },
      async handle({ query }) {
        const baseUrl = query.get('base_url')?.replace(/\/+$/, '') ?? null
        if (baseUrl !== null && !isHttpUrl(baseUrl)) {
          return refuse(400, 'base_url must be an http or https URL, such as https://mock.example.com.')
        }
        const definitions = catalogue.current().routes.definitions.map(({ definition }) => definition)
        const picked = pickPartners(definitions, query.getAll('partner'))
        if (!picked.ok) return refuse(404, picked.detail)
        return respondJson(200, await postman(picked.definitions, { baseUrl }))
      },
    },
  ]
}

function isHttpUrl(text: string): boolean {
  return URL.canParse(text) && ['http:', 'https:'].includes(new URL(text).protocol)
}
