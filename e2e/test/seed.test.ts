import { describe, expect, onTestFinished, test } from 'vitest'
import { bytesOf, consumer } from '../support/consumer.ts'
import { startImnot } from '../support/imnot-process.ts'
import { partnersFolder, seed } from '../support/partners.ts'
import { type SharedStorage, sharedStorages } from '../support/storages.ts'

const other = seed.replaceAll('acme', 'zenith').replaceAll('/external/', '/zenith/')

const hostile: readonly [name: string, type: string, body: Uint8Array<ArrayBuffer>][] = [
  ['JSON with a BOM', 'application/json', Buffer.from('\ufeff{"a":1}')],
  ['JSON with CRLF', 'application/json', Buffer.from('{\r\n  "a": 1\r\n}\r\n')],
  ['numbers that a parser would change', 'application/json', Buffer.from('[1.10, 1e400, 12345678901234567890]')],
  ['duplicate keys', 'application/json; charset=utf-8', Buffer.from('{"a":1,"a":2}')],
  [
    'ISO-8859-1 XML',
    'application/xml',
    Buffer.from('<?xml version="1.0" encoding="ISO-8859-1"?>\n<gast>Jürgen</gast>', 'latin1'),
  ],
  ['a PDF', 'application/pdf', Buffer.from('%PDF-1.7\n%\xe2\xe3\xcf\xd3\n\0\xff%%EOF', 'latin1')],
  ['50 MB', 'application/octet-stream', Buffer.alloc(50_000_000, 'imnot\0\xff\r\n', 'latin1')],
]

for (const storage of await sharedStorages()) {
  const title = storage.missing === null ? storage.name : `${storage.name} (skipped: ${storage.missing})`
  describe.skipIf(storage.missing !== null)(`the first example of the language, served from ${title}`, () => {
    test('answers submit, poll and fetch in their order, and refuses them out of order', async () => {
      const { url } = await served(storage)
      const client = consumer(url)
      await client.upload('{"n":1.10}', 'application/json')
      const job = await client.submit()
      expect(job).toMatch(/^\/external\/jobs\/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/)
      const early = await client.fetch(job)
      expect([early.status, await early.json()]).toEqual([
        409,
        expect.objectContaining({ detail: expect.stringContaining('step 2'), missing_step: 2 }),
      ])
      const poll = await client.poll(job)
      expect([poll.status, poll.headers.get('status')]).toEqual([201, 'COMPLETED'])
      const answer = await client.fetch(job)
      expect([answer.status, await answer.text()]).toEqual([200, '{"n":1.10}'])
    })

    test.each(hostile)('gives back %s byte for byte with its media type', async (_name, type, body) => {
      const client = consumer((await served(storage)).url)
      expect((await client.upload(body, type)).status).toBe(200)
      const job = await client.submit()
      await client.poll(job)
      const answer = await client.fetch(job)
      expect(answer.headers.get('content-type')).toBe(type)
      expect((await bytesOf(answer)).equals(body)).toBe(true)
    })

    test("answers 404 to an unknown id and to another datapoint's", async () => {
      const { url } = await served(storage)
      const client = consumer(url)
      const job = await client.submit()
      for (const path of ['/external/jobs/unknown', job.replace('/external/', '/zenith/')]) {
        expect([(await client.poll(path)).status, (await client.fetch(path)).status]).toEqual([404, 404])
      }
    })

    test('goes on after a kill -9 and a restart where it was', async () => {
      const first = await served(storage)
      const before = consumer(first.url)
      await before.upload('<a/>', 'application/xml')
      const job = await before.submit()
      await before.poll(job)
      await first.process.kill()
      const client = consumer((await first.again()).url)
      const answer = await client.fetch(job)
      expect([answer.status, answer.headers.get('content-type'), await answer.text()]).toEqual([
        200,
        'application/xml',
        '<a/>',
      ])
    })
  })
}

async function served(storage: SharedStorage) {
  const partners = await partnersFolder({ acme: seed, zenith: other })
  const { url: storageUrl, remove } = await storage.create()
  async function again() {
    const process = await startImnot({ storage: storageUrl, partners: partners.folder })
    onTestFinished(() => process.kill())
    return process
  }
  onTestFinished(async () => {
    await remove()
    await partners.remove()
  })
  const process = await again()
  return { url: process.url, process, again }
}
