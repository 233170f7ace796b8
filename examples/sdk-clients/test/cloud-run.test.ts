import { auth, run, type run_v2 } from '@googleapis/run'
import { expect, test } from 'vitest'
import { servePartner } from '../support/serve-partner.ts'

const parent = 'projects/demo/locations/europe-west1'

async function start() {
  const { url, imnot } = await servePartner('cloud-run')
  const client = new auth.OAuth2()
  client.setCredentials({ access_token: 'ya29.test' })
  const { services, operations } = run({ version: 'v2', auth: client, rootUrl: `${url}/`, retry: false }).projects
    .locations
  return { services, operations, imnot, url }
}

const create = (services: run_v2.Resource$Projects$Locations$Services, serviceId: string) =>
  services.create({ parent, serviceId, requestBody: { template: { containers: [{ image: 'gcr.io/demo/hello' }] } } })

test('a service is there once the operation that creates it is done, which the client polls', async () => {
  const { services, operations, imnot } = await start()
  const { data: begun } = await create(services, 'hello')
  expect(begun).toMatchObject({ name: expect.stringMatching(`^${parent}/operations/`), done: false })
  const name = begun.name ?? ''
  expect((await operations.get({ name })).data.done).toBe(false)
  await expect(services.get({ name: `${parent}/services/hello` })).rejects.toMatchObject({ code: 404 })

  await imnot.clock.advance('20s')
  const { data: ended } = await operations.get({ name })
  expect(ended).toMatchObject({
    done: true,
    response: { name: `${parent}/services/hello`, uri: 'https://hello-uc.a.run.app' },
  })
  expect((await operations.wait({ name, requestBody: { timeout: '5s' } })).data).toEqual(ended)
  const { data: service } = await services.get({ name: `${parent}/services/hello` })
  expect(service).toMatchObject({
    uri: 'https://hello-uc.a.run.app',
    template: { containers: [{ image: 'gcr.io/demo/hello' }] },
  })
})

test('services are listed page by page, and deleted by an operation', async () => {
  const { services, operations, imnot } = await start()
  for (const id of ['a', 'b', 'c']) await create(services, id)
  await imnot.clock.advance('20s')
  const first = await services.list({ parent, pageSize: 2 })
  const pageToken = first.data.nextPageToken ?? ''
  const second = await services.list({ parent, pageSize: 2, pageToken })
  const names = [...(first.data.services ?? []), ...(second.data.services ?? [])].map(({ name }) =>
    name?.split('/').at(-1),
  )
  expect(names).toEqual(['a', 'b', 'c'])
  expect(second.data.nextPageToken ?? null).toBeNull()

  const { data: deleting } = await services.delete({ name: `${parent}/services/b` })
  expect((await services.list({ parent })).data.services).toHaveLength(3)
  await imnot.clock.advance('20s')
  expect((await operations.get({ name: deleting.name ?? '' })).data).toMatchObject({ done: true })
  expect((await services.list({ parent })).data.services).toHaveLength(2)
})

test('what is refused comes with the status and the message that the client shows', async () => {
  const { services, operations, imnot, url } = await start()
  await create(services, 'hello')
  await imnot.clock.advance('20s')
  await expect(create(services, 'hello')).rejects.toMatchObject({
    code: 409,
    message: "Resource 'hello' already exists.",
  })
  await expect(services.delete({ name: `${parent}/services/none` })).rejects.toMatchObject({ code: 404 })
  await expect(operations.get({ name: `${parent}/operations/none` })).rejects.toMatchObject({ code: 404 })
  const stranger = run({ version: 'v2', rootUrl: `${url}/`, retry: false })
  await expect(stranger.projects.locations.services.list({ parent })).rejects.toMatchObject({ code: 401 })
})
