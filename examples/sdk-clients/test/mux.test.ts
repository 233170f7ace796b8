import Mux from '@mux/mux-node'
import { expect, test } from 'vitest'
import { receiveWebhooks } from '../support/receive-webhooks.ts'
import { servePartner } from '../support/serve-partner.ts'

async function connect(tokenSecret = 'token-secret') {
  const { url, imnot } = await servePartner('mux')
  return { url, imnot, mux: new Mux({ baseURL: url, tokenId: 'token-id', tokenSecret, webhookSecret: 'whsec-test' }) }
}

const new_asset_settings = { playback_policies: ['public' as const], passthrough: 'film-7' }

async function upload(mux: Mux) {
  const created = await mux.video.uploads.create({ cors_origin: '*', new_asset_settings })
  const stored = await fetch(created.url ?? '', { method: 'PUT', body: Buffer.alloc(2_000_000, 7) })
  expect(stored.status).toBe(200)
  return mux.video.uploads.retrieve(created.id)
}

test('an upload waits for its bytes, then makes an asset, which is ready after a while', async () => {
  const { mux, imnot } = await connect()
  const created = await mux.video.uploads.create({ cors_origin: '*', new_asset_settings })
  expect(created).toMatchObject({ status: 'waiting', timeout: 3600, new_asset_settings })
  expect(created.asset_id).toBeUndefined()

  const done = await upload(mux)
  expect(done).toMatchObject({ status: 'asset_created', asset_id: expect.stringMatching(/^[0-9a-f]{32}$/) })
  const preparing = await mux.video.assets.retrieve(done.asset_id ?? '')
  expect(preparing).toMatchObject({ status: 'preparing', upload_id: done.id, passthrough: 'film-7' })
  await imnot.clock.advance('5s')
  const ready = await mux.video.assets.retrieve(done.asset_id ?? '')
  expect(ready).toMatchObject({ status: 'ready', duration: 12.5, playback_ids: [{ policy: 'public' }] })
})

test('a webhook tells that an asset is ready, with a signature that the client accepts', async () => {
  const { url, mux, imnot } = await connect()
  const receiver = await receiveWebhooks()
  const headers = { 'content-type': 'application/json', authorization: `Basic ${btoa('token-id:token-secret')}` }
  await fetch(`${url}/webhooks`, { method: 'POST', headers, body: JSON.stringify({ url: receiver.url }) })
  const { asset_id } = await upload(mux)
  await imnot.clock.advance('5s', { settle: true })
  const { body, headers: sent } = await receiver.next()
  const event = await mux.webhooks.unwrap(body, sent as Record<string, string>)
  expect(event).toMatchObject({ type: 'video.asset.ready', data: { id: asset_id, status: 'ready' } })
  await expect(mux.webhooks.unwrap(`${body} `, sent as Record<string, string>)).rejects.toThrow(/signature/)
})

test('assets are listed page by page and deleted', async () => {
  const { mux } = await connect()
  const ids: (string | undefined)[] = []
  for (let count = 0; count < 3; count++) ids.unshift((await upload(mux)).asset_id)
  const listed: string[] = []
  for await (const asset of mux.video.assets.list({ limit: 2 })) listed.push(asset.id)
  expect(listed).toEqual(ids)
  await mux.video.assets.delete(ids[0] ?? '')
  await expect(mux.video.assets.retrieve(ids[0] ?? '')).rejects.toThrow(Mux.NotFoundError)
})

test('a wrong secret is the error that the client knows', async () => {
  const { mux } = await connect('wrong')
  await expect(mux.video.assets.retrieve('none')).rejects.toThrow(Mux.AuthenticationError)
})
