import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { memoryStorage } from '@imnot/core'
import { expect, onTestFinished, test } from 'vitest'
import { createImnot, type ImnotOptions } from '../src/create-imnot.ts'
import { serve } from '../src/http/serve.ts'
import { deferred, listening, readAll } from './support.ts'

const acme = (body: string, more = '') => `partner: acme
datapoints:
  - name: status
    pattern: static
    endpoints:
      - method: GET
        path: /acme/status
        response:
          status: 200
          body: ${body}
${more}`

const callback = `  - name: report
    pattern: callback
    endpoints:
      - method: POST
        path: /acme/reports
        response:
          status: 202
          callback_url_header: X-Callback
          callback_method: POST
`

async function partnersWith(text: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'imnot-create-'))
  onTestFinished(() => rm(folder, { recursive: true, force: true }))
  await mkdir(join(folder, 'acme'))
  await writeFile(join(folder, 'acme/partner.yaml'), text)
  return folder
}

async function started(options: ImnotOptions) {
  const imnot = await createImnot(options)
  onTestFinished(() => imnot.close())
  return imnot
}

test('answers from a folder of definitions, in process and over a socket', async () => {
  const imnot = await started({ partners: await partnersWith(acme('{"ok": true}')) })
  expect(await (await imnot.fetch(new Request('http://mock/acme/status'))).json()).toEqual({ ok: true })
  const { url } = await serve(imnot, { port: 0 })
  expect(await (await fetch(`${url}/acme/status`)).json()).toEqual({ ok: true })
  expect((await fetch(`${url}/healthz`)).status).toBe(200)
  expect((await fetch(`${url}/acme/stats`)).status).toBe(404)
})

test('definitions stand in the program as text or objects, beside those of folders', async () => {
  const beta = {
    partner: 'beta',
    datapoints: [
      {
        name: 'status',
        pattern: 'static',
        endpoints: [{ method: 'GET', path: '/beta', response: { body: 'object' } }],
      },
    ],
  }
  const gamma = acme('text').replaceAll('acme', 'gamma')
  const partners = await partnersWith(acme('folder'))
  const imnot = await started({ partners, definitions: [beta, gamma] })
  const answers = ['/beta', '/gamma/status', '/acme/status'].map(async (path) => (await imnot.fetch(path)).text())
  expect(await Promise.all(answers)).toEqual(['object', 'text', 'folder'])
  expect((await imnot.partners.list()).map(({ partner, file }) => [partner, file])).toEqual([
    ['beta', 'definitions[0]'],
    ['gamma', 'definitions[1]'],
    ['acme', join(partners, 'acme/partner.yaml')],
  ])
  expect(await imnot.reload()).toEqual({ added: [], changed: [], removed: [], failed: [] })
})

test.each([
  { what: 'a wrong key', definitions: [acme('x').replace('name:', 'nam:')], says: 'definitions[0]:3:5' },
  { what: 'one name twice', definitions: [acme('x'), acme('y')], says: 'definitions[1]:1:10' },
  { what: 'one route twice', definitions: [acme('x'), acme('y').replace('acme', 'beta')], says: 'definitions[1]:7:15' },
  { what: 'an object of something else', definitions: [{ name: 'acme' }], says: 'definitions[0]:2:3' },
])('a bad definition in the program is refused with its place: $what', async ({ definitions, says }) => {
  const partners = await partnersWith('partner: [')
  const refusal = await createImnot({ partners, definitions }).catch((error: unknown) => error)
  expect(refusal).toMatchObject({ code: 'DEFINITION_INVALID', message: expect.stringContaining(says) })
  expect(String(refusal)).not.toContain('partner.yaml')
})

test('the base URL of a session is where the server listens, or where an option says', async () => {
  const imnot = await started({})
  const session = await imnot.sessions.create()
  expect(session.baseUrl).toBe(`http://imnot.test/imnot/s/${session.id}`)
  const { url } = await serve(imnot, { port: 0 })
  expect(session.baseUrl).toBe(`${url}/imnot/s/${session.id}`)
  const proxied = await started({ baseUrl: 'https://mock.example.com/acme/' })
  await serve(proxied, { port: 0 })
  expect((await proxied.sessions.create()).baseUrl).toMatch(/^https:\/\/mock\.example\.com\/acme\/imnot\/s\//)
})

test('reload takes over what changed, and a broken file leaves the last good version serving', async () => {
  const partners = await partnersWith(acme('one'))
  const imnot = await started({ partners })
  const answer = async () => (await imnot.fetch(new Request('http://mock/acme/status'))).text()
  await writeFile(join(partners, 'acme/partner.yaml'), acme('two'))
  expect(await answer()).toBe('one')
  await imnot.reload()
  expect(await answer()).toBe('two')
  await writeFile(join(partners, 'acme/partner.yaml'), 'partner: [')
  await imnot.reload()
  expect(await answer()).toBe('two')
})

test('closes the storage that it made, and not one that it was given', async () => {
  const storage = memoryStorage()
  const imnot = await createImnot({ storage })
  await imnot.close()
  await imnot.close()
  await storage.ping()
})

test('a start that fails closes what was made and fails with its own cause', async () => {
  const storage = { ...memoryStorage(), init: () => Promise.reject(new Error('no disk')) }
  await expect(createImnot({ storage })).rejects.toThrow('no disk')
})

test('a callback reaches a receiver on this machine with the uploaded payload', async () => {
  const received = deferred<string>()
  const receiver = await listening(async (request, response) => {
    received.resolve(await readAll(request))
    response.end()
  })
  const imnot = await started({ partners: await partnersWith(acme('ok', callback)) })
  const { url } = await serve(imnot, { port: 0 })
  const json = { 'content-type': 'application/json' }
  const upload = await fetch(`${url}/imnot/admin/acme/report/payload`, {
    method: 'POST',
    headers: json,
    body: '{"n":1.10}',
  })
  expect([upload.status, await upload.text()]).toEqual([200, expect.any(String)])
  const submit = await fetch(`${url}/acme/reports`, {
    method: 'POST',
    headers: { 'X-Callback': `${receiver.url}/hook` },
  })
  expect(submit.status).toBe(202)
  expect(await received.promise).toBe('{"n":1.10}')
})
