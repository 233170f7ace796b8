import { describe, expect, onTestFinished, test } from 'vitest'
import { bytesOf, type Consumer, consumer } from '../support/consumer.ts'
import { type ImnotProcess, startImnot } from '../support/imnot-process.ts'
import { partnersFolder, seed } from '../support/partners.ts'
import { type SharedStorage, sharedStorages } from '../support/storages.ts'

for (const storage of await sharedStorages()) {
  const title = storage.missing === null ? storage.name : `${storage.name} (skipped: ${storage.missing})`
  describe.skipIf(storage.missing !== null)(`three nodes on one ${title}`, () => {
    test('take over from each other within one flow', async () => {
      const [a, b, c] = await nodes(storage, 3)
      await consumer(a.url).upload('{"n":1.10}', 'application/json')
      const job = await consumer(a.url).submit()
      expect((await consumer(c.url).fetch(job)).status).toBe(409)
      expect((await consumer(b.url).poll(job)).status).toBe(201)
      expect(await (await consumer(c.url).fetch(job)).text()).toBe('{"n":1.10}')
    })

    test('serve within a second what was registered on one of them, and no more after it was removed', async () => {
      const [a, b] = await nodes(storage, 2)
      const definition = seed.replaceAll('acme', 'late').replaceAll('/external/', '/late/')
      const registered = await admin(a, 'POST', '/partners', definition, { 'content-type': 'application/yaml' })
      expect(registered.status).toBe(201)
      const onB = async () => (await fetch(`${b.url}/late/jobs`, { method: 'POST' })).status
      await expect.poll(onB, { timeout: 1000, interval: 20 }).toBe(202)
      expect((await admin(a, 'DELETE', '/partners/late')).status).toBe(200)
      await expect.poll(onB, { timeout: 1000, interval: 20 }).toBe(404)
    })

    test('never read stale what an upload to one of them was acknowledged with, in 10,000 tries', {
      timeout: 240_000,
    }, async () => {
      const [a, b] = await nodes(storage, 2)
      const tries = { sessions: 20, uploads: 125, reads: 4 }
      const stale = await Promise.all(
        Array.from({ length: tries.sessions }, () => countStale([a, b], tries.uploads, tries.reads)),
      )
      expect(stale).toEqual(Array(tries.sessions).fill(0))
    })

    test('count parallel polls of one flow exactly', async () => {
      const cluster = await nodes(storage, 3)
      const job = await consumer(cluster[0].url).submit()
      const polls = await Promise.all(
        Array.from({ length: 120 }, (_, index) => consumer(cluster[index % 3]?.url ?? '').poll(job)),
      )
      expect(polls.filter(({ status }) => status !== 201)).toEqual([])
      const flow = await admin(cluster[1], 'GET', `/flows/${job.split('/').at(-1)}`)
      expect(await flow.json()).toMatchObject({ polls: 120, steps_done: [1, 2] })
    })

    test('know nothing of a session that was deleted on one of them', async () => {
      const [a, b] = await nodes(storage, 2)
      const created = await admin(a, 'POST', '/sessions', '{}', { 'content-type': 'application/json' })
      const { session_id: session } = (await created.json()) as { readonly session_id: string }
      const onB = consumer(b.url, { 'x-imnot-session': session })
      await onB.upload('"mine"', 'application/json')
      const job = await onB.submit()
      expect((await onB.poll(job)).status).toBe(201)
      expect((await admin(a, 'DELETE', `/sessions/${session}`)).status).toBe(200)
      expect((await onB.poll(job)).status).toBe(404)
      expect((await consumer(b.url).poll(job)).status).toBe(404)
      expect((await onB.upload('"again"', 'application/json')).status).toBe(404)
    })
  })
}

/** In a session of its own, each version is uploaded to one node and read at once from the other, in turn. */
async function countStale(
  [a, b]: readonly [ImnotProcess, ImnotProcess],
  uploads: number,
  reads: number,
): Promise<number> {
  const created = await admin(a, 'POST', '/sessions')
  const { session_id: session } = (await created.json()) as { readonly session_id: string }
  const [onA, onB] = [a, b].map(({ url }) => consumer(url, { 'x-imnot-session': session })) as [Consumer, Consumer]
  const job = await onA.submit()
  await onA.poll(job)
  let stale = 0
  for (let version = 1; version <= uploads; version++) {
    const [writer, reader] = version % 2 === 0 ? [onA, onB] : [onB, onA]
    await (await writer.upload(String(version), 'application/json')).arrayBuffer()
    const answers = await Promise.all(Array.from({ length: reads }, () => reader.fetch(job).then(bytesOf)))
    stale += answers.filter((bytes) => bytes.toString() !== String(version)).length
  }
  return stale
}

async function nodes<Count extends 2 | 3>(storage: SharedStorage, count: Count): Promise<Cluster[Count]> {
  const partners = await partnersFolder({ acme: seed })
  const { url, remove } = await storage.create()
  onTestFinished(async () => {
    await remove()
    await partners.remove()
  })
  const started = await Promise.all(
    Array.from({ length: count }, async () => {
      const node = await startImnot({ storage: url, partners: partners.folder })
      onTestFinished(() => node.kill())
      return node
    }),
  )
  return started as unknown as Cluster[Count]
}

interface Cluster {
  2: [ImnotProcess, ImnotProcess]
  3: [ImnotProcess, ImnotProcess, ImnotProcess]
}

function admin(node: ImnotProcess, method: string, path: string, body?: string, headers: Record<string, string> = {}) {
  return fetch(`${node.url}/imnot/admin${path}`, { method, headers, ...(body === undefined ? {} : { body }) })
}
