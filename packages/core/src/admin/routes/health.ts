import { refuse, respondJson } from '../../http/respond.ts'
import { version } from '../../version.ts'
import type { AdminServices } from '../admin.ts'
import type { AdminRoute } from '../admin-route.ts'

export function healthRoutes({ storage }: AdminServices): AdminRoute[] {
  return [
    {
      method: 'GET',
      path: '/healthz',
      summary: 'Whether the process lives; touches nothing',
      access: 'public',
      answers: { 200: 'It does' },
      handle: () => respondJson(200, { status: 'ok', version }),
    },
    {
      method: 'GET',
      path: '/readyz',
      summary: 'Whether requests can be answered; asks the storage',
      access: 'public',
      answers: { 200: 'They can', 503: 'The storage cannot be reached' },
      async handle() {
        try {
          await storage.ping()
          return respondJson(200, { status: 'ok', version, storage: storage.name })
        } catch {
          const detail = `The ${storage.name} storage cannot be reached; imnot goes on by itself once it can.`
          return refuse(503, detail, { status: 'unavailable' }, ['retry-after', '1'])
        }
      },
    },
  ]
}
