import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

/** What a receiver saw of one callback, by what the callback is about. */
export interface Seen {
  /** The ids that its attempts came with. */
  readonly ids: Set<string>
  attempts: number
  /** How often it took effect. */
  effects: number
  /** When it first took effect, in milliseconds of `performance.now()`. */
  firstEffectAt: number
}

export interface FailingReceiver {
  readonly url: string
  /** By the `about` of the body. */
  readonly seen: ReadonlyMap<string, Seen>
  readonly failures: Readonly<Record<FailureKind, number>>
  /** When a callback took effect last, in milliseconds of `performance.now()`. */
  lastEffectAt(): number
  close(): Promise<void>
}

const kinds = ['500', 'reset', 'timeout', 'effect and then reset'] as const
type FailureKind = (typeof kinds)[number]

/** Fails such a part of what comes, in each of four ways. */
export async function startFailingReceiver(failing: number): Promise<FailingReceiver> {
  const seen = new Map<string, Seen>()
  const failures = { '500': 0, reset: 0, timeout: 0, 'effect and then reset': 0 }
  let lastEffectAt = 0

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    let body = ''
    for await (const chunk of request) body += chunk
    const { about } = JSON.parse(body) as { readonly about: string }
    const entry = seen.get(about) ?? {
      ids: new Set(),
      attempts: 0,
      effects: 0,
      firstEffectAt: Number.POSITIVE_INFINITY,
    }
    seen.set(about, entry)
    entry.ids.add(String(request.headers['x-imnot-delivery']))
    entry.attempts++
    const kind = Math.random() < failing ? (kinds[Math.floor(Math.random() * kinds.length)] ?? '500') : null
    if (kind !== null) failures[kind]++
    if (kind === null || kind === 'effect and then reset') {
      entry.effects++
      lastEffectAt = performance.now()
      entry.firstEffectAt = Math.min(entry.firstEffectAt, lastEffectAt)
    }
    if (kind === 'timeout') return
    if (kind === 'reset' || kind === 'effect and then reset') request.socket.destroy()
    else response.writeHead(kind === null ? 204 : 500).end()
  }

  const server = createServer((request, response) => {
    answer(request, response).catch(() => response.destroy())
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`,
    seen,
    failures,
    lastEffectAt: () => lastEffectAt,
    close() {
      server.closeAllConnections()
      return new Promise((resolve) => server.close(() => resolve()))
    },
  }
}
