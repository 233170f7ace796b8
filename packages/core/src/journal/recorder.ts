import type { EngineRequest, EngineResponse } from '../http/messages.ts'
import type { Clock } from '../ports/clock.ts'
import type { Logger } from '../ports/logger.ts'
import type { MockMatch } from '../routing/match.ts'
import type { JournalLimits } from './journal-entry.ts'
import { overhear } from './overheard-body.ts'
import type { Trace, Traces } from './trace.ts'

/** Takes requests down off their path: a bounded number at a time, the rest only counted. */
export interface Recorder {
  readonly traces: Traces
  /** Null where the request is only counted. */
  begin(request: EngineRequest, match: MockMatch | null): Trace | null
  /** Once whoever handles the request has taken its body or let it be: when handling has returned, if only with a promise. */
  answered(trace: Trace, answer: EngineResponse | Promise<EngineResponse>): void
  /** Resolves when all that was answered before is written. */
  flush(): Promise<void>
}

export interface RecorderOptions {
  readonly clock: Clock
  readonly logger: Logger
  readonly limits: JournalLimits
  readonly write: (traces: readonly Trace[], dropped: Dropped) => Promise<void>
  /** Whether entries are written by themselves, and not only when somebody asks. */
  readonly background: boolean
}

/** How many requests were only counted, by the session that they named; null for those that named none. */
export type Dropped = ReadonlyMap<string | null, number>

const mostAtOnce = 500
const everyMs = 200
const mostSessions = 1000

export function createRecorder({ clock, logger, limits, write, background }: RecorderOptions): Recorder {
  const traces: Traces = new WeakMap()
  let taken = 0
  let ended: Trace[] = []
  let dropped = new Map<string | null, number>()
  let bodies = new Set<Promise<void>>()
  let writing: Promise<void> = Promise.resolve()
  let cancel: (() => void) | null = null

  function schedule(): void {
    if (cancel === null && background) cancel = clock.after(everyMs, () => void flush())
  }

  function drop(request: EngineRequest, match: MockMatch | null): null {
    const named = match?.session ?? request.headers.get('x-imnot-session')
    const scope = dropped.size < mostSessions || dropped.has(named) ? named : null
    dropped.set(scope, (dropped.get(scope) ?? 0) + 1)
    return null
  }

  /** A body that no endpoint reads is read beside it, unless it is known to be long. */
  function readBeside({ request, body }: Trace): void {
    if (body === null || body.isTaken() || declaredLength(request) > limits.bodyBytes) return
    bodies.add(readToEnd(request.body))
  }

  function end(trace: Trace, response: EngineResponse): void {
    trace.response = response
    trace.durationMs = clock.now() - trace.at
    ended.push(trace)
    schedule()
  }

  async function writeOut(): Promise<void> {
    const [batch, uncounted, pending] = [ended, dropped, bodies]
    ended = []
    dropped = new Map()
    bodies = new Set()
    taken = 0
    if (batch.length === 0 && uncounted.size === 0) return
    // A body that does not come holds nobody up for long.
    await Promise.race([Promise.all(pending), new Promise<void>((resolve) => clock.after(everyMs, resolve))])
    await write(batch, uncounted).catch((error: unknown) => {
      for (const { match } of batch) dropped.set(match?.session ?? null, (dropped.get(match?.session ?? null) ?? 0) + 1)
      logger.warn('Requests could not be written into the journal', { error: String(error) })
    })
  }

  function flush(): Promise<void> {
    cancel?.()
    cancel = null
    writing = writing.then(writeOut)
    return writing
  }

  return {
    traces,
    begin(request, match) {
      schedule()
      if (taken >= mostAtOnce) return drop(request, match)
      taken++
      const body = request.body === null || match === null ? null : overhear(request, limits.bodyBytes)
      const trace: Trace = { request: body?.request ?? request, body, match, at: clock.now() }
      traces.set(trace.request, trace)
      return trace
    },
    answered(trace, answer) {
      readBeside(trace)
      if (answer instanceof Promise) answer.then((response) => end(trace, response))
      else end(trace, answer)
    },
    flush,
  }
}

/** What an endpoint reads is none of the journal's; a body that breaks off is told as far as it came. */
async function readToEnd(body: AsyncIterable<Uint8Array> | null): Promise<void> {
  try {
    for await (const _ of body ?? []);
  } catch {}
}

export function declaredLength({ headers }: EngineRequest): number {
  return Number(headers.get('content-length') ?? 0)
}
