import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { imnotExpress } from '@imnot/express'
import { createImnot } from '@imnot/node'
import { expect, onTestFinished, test } from 'vitest'
import { createService } from '../src/service.ts'

/** Listens on a free port, which a service has to know before it is made: it calls itself. */
async function start(serviceAt: (url: string) => RequestListener): Promise<string> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void server.close())
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  server.on('request', serviceAt(url))
  return url
}

async function startWithMock() {
  const imnot = await createImnot({ partners: `${import.meta.dirname}/../partners`, admin: false })
  onTestFinished(() => imnot.close())
  const mock = imnotExpress(imnot)
  const url = await start((own) => createService({ acmeUrl: `${own}/mock`, mock }))
  imnot.listensAt(`${url}/mock`)
  return { imnot, url }
}

function reserve(url: string, name: string): Promise<Response> {
  const headers = { 'content-type': 'application/json' }
  return fetch(`${url}/reservations`, { method: 'POST', headers, body: JSON.stringify({ name }) })
}

test('keeps the reservation as ACME wrote it', async () => {
  const { imnot, url } = await startWithMock()
  await imnot.payloads.set('acme', 'data-sync', '{"guest":"Ada","total":1.10}')
  expect((await reserve(url, 'ada')).status).toBe(201)
  expect(await (await fetch(`${url}/reservations/ada`)).text()).toBe('{"guest":"Ada","total":1.10}')
})

test('says why, when ACME has no reservation', async () => {
  const { url } = await startWithMock()
  const answer = await reserve(url, 'nobody')
  expect([answer.status, await answer.text()]).toEqual([502, expect.stringContaining('ACME has no reservation')])
})

test('two services that are given the base URLs of two sessions get the payloads of these', async () => {
  const { imnot } = await startWithMock()
  for (const guest of ['Ada', 'Grace']) {
    const session = await imnot.sessions.create()
    await session.payloads.set('acme', 'data-sync', `{"guest":"${guest}"}`)
    const url = await start(() => createService({ acmeUrl: session.baseUrl }))
    await reserve(url, 'guest')
    expect(await (await fetch(`${url}/reservations/guest`)).json()).toEqual({ guest })
  }
})
