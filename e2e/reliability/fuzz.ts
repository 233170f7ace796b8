import { setTimeout as sleep } from 'node:timers/promises'
import { type Clock, createEngine, type Engine, memoryStorage, systemClock } from '@imnot/core'
import { definitionJsonSchema } from '@imnot/schema'
import { type Json, readCorpus } from './fuzz/corpus.ts'
import type { Schema } from './fuzz/from-schema.ts'
import { type Grown, growDefinition } from './fuzz/grow-definition.ts'
import { createRandom, type Random } from './fuzz/random.ts'
import { type RandomRequest, randomRequest } from './fuzz/random-request.ts'
import type { Program } from './program.ts'

export interface FuzzSize {
  /** Requests in all. */
  readonly inputs: number
  /** The same seed makes the same definitions and requests. */
  readonly seed: number
}

const requestsPerDefinition = 20
const longestMs = 10_000

/** Random definitions that validate never make a request answer 5xx that they do not declare, throw or hang. */
export const fuzz: Program<FuzzSize> = {
  name: 'fuzz',
  // In one process, over memory: what is looked for lies in the language.
  concerns: ({ name }) => name === 'sqlite',
  short: { inputs: 20_000, seed: 20_261_125 },
  long: { inputs: 10_000_000, seed: 1 },
  async run(_storage, { inputs, seed }) {
    const corpus = await readCorpus()
    const schema = definitionJsonSchema() as Schema
    const broken: string[] = []
    let refused = 0
    let answered = 0
    const definitions = Math.ceil(inputs / requestsPerDefinition)
    for (let number = 0; number < definitions && broken.length < 5; number++) {
      const random = createRandom(seed + number)
      const grown = growDefinition(corpus, schema, random)
      const found = await playDefinition(grown, random)
      if (found === null) refused++
      else {
        answered += found.answered
        broken.push(...found.broken.map((sentence) => `${sentence} (--size seed=${seed + number} --size inputs=1)`))
      }
    }
    return {
      figures: {
        corpus: corpus.length,
        definitions,
        refused_when_compiled: refused,
        requests: answered,
        broken: broken.length,
      },
      broken,
    }
  },
}

/** Whatever waits for a time gets there at once. */
function impatientClock(): Clock {
  const system = systemClock()
  let aheadMs = 0
  return {
    now: () => system.now() + aheadMs,
    after: (delayMs, task) =>
      system.after(0, () => {
        aheadMs += delayMs
        task()
      }),
    sleep(delayMs) {
      aheadMs += delayMs
      return new Promise((resolve) => setImmediate(resolve))
    },
  }
}

/** Null where the definition is refused when it is loaded, with a diagnostic. */
async function playDefinition(grown: Grown, random: Random) {
  const engine = createEngine({
    storage: memoryStorage(),
    definitions: async () => ({ parsed: [grown.parsed], failed: [] }),
    outbound: async () => ({ status: 200, retryAfter: null, body: new Uint8Array(0) }),
    clock: impatientClock(),
    background: false,
    admin: false,
  })
  await engine.start()
  try {
    if (engine.definitions().failed.length > 0) return null
    const definition = JSON.parse(grown.text) as Json
    const declared = { statuses: declaredStatuses(definition), breaks: grown.text.includes('"fault":') }
    const learned: string[] = []
    const broken: string[] = []
    for (let count = 0; count < requestsPerDefinition; count++) {
      const request = randomRequest(grown.parsed, learned, random)
      const fault = await faultOf(engine, request, declared, learned)
      if (fault !== null)
        broken.push(`${fault} by ${JSON.stringify({ ...request, body: request.body?.toString() })} of ${grown.text}`)
    }
    return { answered: requestsPerDefinition, broken }
  } finally {
    await engine.close()
  }
}

/** What a definition says of its answers that would be a fault where it does not say so. */
interface Declared {
  readonly statuses: ReadonlySet<number>
  /** A connection that is cut, or an answer that never comes. */
  readonly breaks: boolean
}

async function faultOf(
  engine: Engine,
  request: RandomRequest,
  { statuses, breaks }: Declared,
  learned: string[],
): Promise<string | null> {
  const ms = breaks ? 100 : longestMs
  const waiting = new AbortController()
  const late = sleep(ms, 'late' as const, { signal: waiting.signal }).catch(() => 'late' as const)
  try {
    const answer = await Promise.race([answerOf(engine, request), late])
    if (answer === 'late') return breaks ? null : `no answer within ${ms} ms`
    learn(answer.text, answer.location, learned)
    return answer.status >= 500 && !statuses.has(answer.status) ? `${answer.status} ${answer.text}` : null
  } catch (error) {
    return breaks ? null : `${error}`
  } finally {
    waiting.abort()
  }
}

async function answerOf(engine: Engine, { method, url, headers, body }: RandomRequest) {
  const request = new Request(`http://mock.test${url.startsWith('/') ? url : `/${url}`}`, { method, headers, body })
  const response = await engine.fetch(request)
  return { status: response.status, location: response.headers.get('location'), text: await response.text() }
}

/** Ids and tokens of answers, so that later requests find what earlier ones made. */
function learn(text: string, location: string | null, learned: string[]): void {
  const found = [...text.slice(0, 2000).matchAll(/"([\w.~-]{1,200})"/g)].map(([, word]) => word as string)
  if (location !== null) found.push(location.split(/[/=]/).at(-1) ?? '')
  learned.push(...found)
  if (learned.length > 40) learned.splice(0, learned.length - 40)
}

function declaredStatuses(definition: Json): Set<number> {
  const found = new Set<number>()
  JSON.stringify(definition, (_name, value: unknown) => {
    if (typeof value === 'number' && Number.isInteger(value) && value >= 500 && value < 600) found.add(value)
    return value
  })
  return found
}
