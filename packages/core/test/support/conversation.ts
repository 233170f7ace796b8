import type { DefinitionFiles } from '@imnot/schema'
import { expect } from 'vitest'
import { memoryStorage, type Outbound } from '../../src/index.ts'
import { manualClock } from './manual-clock.ts'
import { startEngine } from './start-engine.ts'

const json = { 'content-type': 'application/json' }

/**
 * Plays what a page of the documentation says: `>` a request, `<` its answer, `~` time that passes, `!` what a receiver gets and
 * after `→` what it answers, `payload` an upload to the first datapoint, with its query before the body. Lines such as `> Name: value` and `< Name: value` are the headers of the
 * request or the answer above them. `<name>` stands for a text that is the same wherever it comes, `⏎` for a line break. Time that
 * passes between a request and its answer is what the answer waits for; a connection that breaks is answered by its error's code.
 */
export async function playConversation(yaml: string, conversation: string, files?: DefinitionFiles): Promise<void> {
  const lines = conversation.trim().split('\n')
  const clock = manualClock()
  const expected = lines.filter((line) => line.startsWith('!')).map(readCall)
  const known = new Map<string, string>()
  const calls: string[] = []
  const outbound: Outbound = async ({ method, url, body }) => {
    const answer = expected[calls.length]?.status ?? 500
    calls.push(`${method} ${url} ${new TextDecoder().decode(body)}`.trim())
    return { status: answer, retryAfter: null, body: new Uint8Array(0) }
  }
  const storage = memoryStorage({ now: clock.now })
  const { call, admin } = await startEngine({ yaml, clock, outbound, storage, ...(files !== undefined && { files }) })
  let pending = Promise.resolve({ text: '', headers: new Headers() })
  let seen = 0
  for (const [index, line] of lines.entries()) {
    const [sign = '', ...words] = line.split(' ')
    const rest = fill(words.join(' '), known)
    const header = readHeader(line, known)
    if (sign !== '~' && sign !== '<') await pending
    if (sign === '~') await clock.advance(millisecondsOf(rest))
    else if (sign === 'payload') await upload(yaml, rest, admin)
    else if (sign === '>' && header === null) pending = ask(rest, headersAfter(lines, index, known), call)
    else if (sign === '>') continue
    else if (sign === '<' && header !== null) meet((await pending).headers.get(header[0]) ?? 'none', header[1], known)
    else if (sign === '<') meet((await pending).text, rest, known)
    else if (sign === '!') {
      await clock.advance(0)
      meet(calls[seen++] ?? 'nothing', readCall(line).text, known)
    } else throw new Error(`A conversation has no line such as: ${line}`)
  }
  await clock.advance(3_600_000)
  expect(calls).toHaveLength(expected.length)
}

type Engine = Awaited<ReturnType<typeof startEngine>>

function readCall(line: string): { readonly text: string; readonly status: number } {
  const [, text = '', status = ''] = /^! (.*) → (\d+)$/.exec(line) ?? []
  return { text, status: Number(status) }
}

function readHeader(line: string, known: ReadonlyMap<string, string>): [name: string, value: string] | null {
  const [, name = '', value = ''] = /^[<>] ([A-Za-z-]+): (.*)$/.exec(line) ?? []
  return name === '' ? null : [name, fill(value, known)]
}

function millisecondsOf(text: string): number {
  const [, amount, unit = 's'] = /^([\d.]+) ?(ms|s|m|h)?$/.exec(text.trim()) ?? []
  return Number(amount) * ({ ms: 1, s: 1000, m: 60_000, h: 3_600_000 }[unit] ?? 1000)
}

/** The headers in the lines below a request. */
function headersAfter(lines: readonly string[], index: number, known: ReadonlyMap<string, string>) {
  const headers: Record<string, string> = {}
  for (const line of lines.slice(index + 1)) {
    const header = line.startsWith('>') ? readHeader(line, known) : null
    if (header === null) break
    headers[header[0].toLowerCase()] = header[1]
  }
  return headers
}

async function ask(line: string, headers: Record<string, string>, call: Engine['call']) {
  const [method = '', path = '', ...words] = line.split(' ')
  const body = words.join(' ')
  const type = /^[^ {["]+=/.test(body) ? { 'content-type': 'application/x-www-form-urlencoded' } : json
  try {
    const response = await call(method, path, body === '' ? { headers } : { body, headers: { ...type, ...headers } })
    const text = `${response.status} ${await response.text()}`.trim().replaceAll('\n', '⏎')
    return { text, headers: response.headers }
  } catch (error) {
    const { cause } = error as { cause?: { code?: string } }
    return { text: cause?.code ?? String(error), headers: new Headers() }
  }
}

async function upload(yaml: string, body: string, admin: Engine['admin']): Promise<void> {
  const [, partner] = /^partner: (\S+)/m.exec(yaml) ?? []
  const [, datapoint] = /- name: (\S+)/.exec(yaml) ?? []
  const [, query = '', bytes] = /^(\?\S+ )?(.*)$/.exec(body) ?? []
  await admin('POST', `/imnot/admin/${partner}/${datapoint}/payload${query.trim()}`, {
    body: bytes ?? '',
    headers: json,
  })
}

/** Compares, and learns what the names stand for. */
function meet(found: string, pattern: string, known: Map<string, string>): void {
  const seen = new Set<string>()
  const source = fill(pattern, known)
    .replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
    .replace(/<(\w+)>/g, (_all, name: string) => {
      if (seen.has(name)) return `\\k<${name}>`
      seen.add(name)
      return `(?<${name}>[^"]+)`
    })
  const match = new RegExp(`^${source}$`).exec(found)
  if (match === null) expect(found).toBe(fill(pattern, known))
  for (const [name, value] of Object.entries(match?.groups ?? {})) known.set(name, value)
}

function fill(text: string, known: ReadonlyMap<string, string>): string {
  return text.replace(/<(\w+)>/g, (all, name: string) => known.get(name) ?? all)
}
