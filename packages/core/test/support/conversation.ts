import { expect } from 'vitest'
import type { Outbound } from '../../src/index.ts'
import { manualClock } from './manual-clock.ts'
import { startEngine } from './start-engine.ts'

const json = { 'content-type': 'application/json' }

/**
 * Plays what a page of the documentation says: `>` a request, `<` its answer, `~` time that passes, `!` what a receiver gets and
 * after `→` what it answers, `payload` an upload to the only datapoint. `<name>` stands for a text that is the same wherever it comes.
 */
export async function playConversation(yaml: string, conversation: string): Promise<void> {
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
  const { call, admin } = await startEngine({ yaml, clock, outbound })
  let answer = ''
  let seen = 0
  for (const line of lines) {
    const [sign = '', ...words] = line.split(' ')
    const rest = fill(words.join(' '), known)
    if (sign === '~') await clock.advance(Number.parseFloat(rest) * 1000)
    else if (sign === 'payload') await upload(yaml, rest, admin)
    else if (sign === '>') answer = await ask(rest, call)
    else if (sign === '<') meet(answer, rest, known)
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

async function ask(line: string, call: Engine['call']): Promise<string> {
  const [method = '', path = '', ...body] = line.split(' ')
  const sent = body.length === 0 ? {} : { body: body.join(' '), headers: json }
  const response = await call(method, path, sent)
  return `${response.status} ${await response.text()}`.trim()
}

async function upload(yaml: string, body: string, admin: Engine['admin']): Promise<void> {
  const [, partner] = /^partner: (\S+)/m.exec(yaml) ?? []
  const [, datapoint] = /- name: (\S+)/.exec(yaml) ?? []
  await admin('POST', `/imnot/admin/${partner}/${datapoint}/payload`, { body, headers: json })
}

/** Compares, and learns what the names stand for. */
function meet(found: string, pattern: string, known: Map<string, string>): void {
  const names: string[] = []
  const source = fill(pattern, known)
    .replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
    .replace(/<(\w+)>/g, (_all, name: string) => (names.push(name) === 1 ? '([^"]+)' : '\\1'))
  const match = new RegExp(`^${source}$`).exec(found)
  if (match === null) expect(found).toBe(fill(pattern, known))
  for (const [index, name] of [...new Set(names)].entries()) known.set(name, match?.[index + 1] ?? '')
}

function fill(text: string, known: ReadonlyMap<string, string>): string {
  return text.replace(/<(\w+)>/g, (all, name: string) => known.get(name) ?? all)
}
