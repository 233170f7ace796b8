import { memoryStorage, type Storage } from '@imnot/core'
import { startEngine } from './servers/imnot.ts'

export interface Calls {
  readonly title: string
  readonly calls: string
}

/** How many storage calls each kind of request makes; exact, and the same on every machine. */
export async function countStorageCalls(): Promise<Calls[]> {
  const counts: Record<string, number> = {}
  const engine = await startEngine(counting(memoryStorage(), counts))
  await engine.close()
  let location = ''
  const kinds: readonly (readonly [title: string, method: string, path: () => string])[] = [
    ['static answer', 'GET', () => '/hello'],
    ['stored payload', 'GET', () => '/bill'],
    ['submit', 'POST', () => '/external/jobs'],
    ['poll', 'HEAD', () => location],
    ['no such route', 'GET', () => '/nowhere'],
  ]
  const rows: Calls[] = []
  for (const [title, method, path] of kinds) {
    for (const name of Object.keys(counts)) delete counts[name]
    const response = await engine.fetch(new Request(`http://127.0.0.1${path()}`, { method }))
    location = response.headers.get('location') ?? location
    const made = Object.entries(counts).map(([name, count]) => `${count} ${name}`)
    rows.push({ title, calls: made.join(', ') || 'none' })
  }
  return rows
}

function counting(storage: Storage, counts: Record<string, number>): Storage {
  const count = <Input extends unknown[], Output>(name: string, act: (...input: Input) => Output) => {
    return (...input: Input): Output => {
      counts[name] = (counts[name] ?? 0) + 1
      return act(...input)
    }
  }
  const { get, list, write, claim } = storage
  return {
    ...storage,
    get: count('get', get),
    list: count('list', list),
    write: count('write', write),
    claim: count('claim', claim),
  }
}
