import { parseDefinition } from '@imnot/schema'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createEngine, type Engine, memoryStorage, type Storage } from '../src/index.ts'
import { seed } from './support/seed.ts'

/** What the seed's partner is, in its simplest form. */
interface Model {
  payload: string | null
  readonly flows: Set<number>[]
}

interface Real {
  engine: Engine
  readonly storage: Storage
  readonly locations: string[]
}

type Command = fc.AsyncCommand<Model, Real>

const definitions = async () => {
  const result = parseDefinition(seed)
  return result.ok ? { parsed: [result.parsed], failed: [] } : { parsed: [], failed: [] }
}

async function open(storage: Storage): Promise<Engine> {
  const engine = createEngine({ storage, definitions })
  await engine.start()
  return engine
}

const call = (real: Real, method: string, path: string) =>
  real.engine.fetch(new Request(`http://127.0.0.1${path}`, { method }))

const submit: Command = {
  check: () => true,
  async run(model, real) {
    const response = await call(real, 'POST', '/external/jobs')
    expect(response.status).toBe(202)
    real.locations.push(response.headers.get('location') ?? '')
    model.flows.push(new Set([1]))
  },
  toString: () => 'submit',
}

const upload = (payload: string): Command => ({
  check: () => true,
  async run(model, real) {
    const body = (async function* () {
      yield new TextEncoder().encode(payload)
    })()
    const headers = new Headers({ 'content-type': 'text/plain' })
    const answer = await real.engine.admin({
      method: 'POST',
      url: '/imnot/admin/acme/data-sync/payload',
      headers,
      body,
    })
    expect(answer.status).toBe(200)
    model.payload = payload
  },
  toString: () => `upload ${JSON.stringify(payload)}`,
})

const poll = (pick: number): Command => ({
  check: (model) => model.flows.length > 0,
  async run(model, real) {
    const index = pick % model.flows.length
    expect((await call(real, 'HEAD', real.locations[index] ?? '')).status).toBe(201)
    model.flows[index]?.add(2)
  },
  toString: () => `poll ${pick}`,
})

const fetchResult = (pick: number): Command => ({
  check: (model) => model.flows.length > 0,
  async run(model, real) {
    const index = pick % model.flows.length
    const response = await call(real, 'GET', real.locations[index] ?? '')
    const expected = !model.flows[index]?.has(2) ? 409 : model.payload === null ? 404 : 200
    expect(response.status).toBe(expected)
    if (expected === 200) expect(await response.text()).toBe(model.payload)
  },
  toString: () => `fetch ${pick}`,
})

const stranger: Command = {
  check: () => true,
  run: async (_model, real) => expect((await call(real, 'GET', '/external/jobs/nobody')).status).toBe(404),
  toString: () => 'fetch of an unknown id',
}

const reload: Command = {
  check: () => true,
  run: async (_model, real) => expect((await real.engine.reload()).failed).toEqual([]),
  toString: () => 'reload',
}

const restart: Command = {
  check: () => true,
  async run(_model, real) {
    await real.engine.close()
    real.engine = await open(real.storage)
  },
  toString: () => 'restart',
}

test('any sequence of submits, polls, fetches, uploads, reloads and restarts behaves like the model', async () => {
  const commands = fc.commands(
    [
      fc.constantFrom(submit, stranger, reload, restart),
      fc.string().map(upload),
      fc.nat(9).map(poll),
      fc.nat(9).map(fetchResult),
    ],
    { maxCommands: 40 },
  )
  await fc.assert(
    fc.asyncProperty(commands, async (sequence) => {
      const storage = memoryStorage()
      const real: Real = { storage, engine: await open(storage), locations: [] }
      await fc.asyncModelRun(() => ({ model: { payload: null, flows: [] }, real }), sequence)
      await real.engine.close()
    }),
    { numRuns: 60 },
  )
})
