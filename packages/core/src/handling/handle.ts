import type { KeyedQueue } from '../concurrency/keyed-queue.ts'
import { lostRace, untilWon } from '../concurrency/write-retry.ts'
import { assertDeclaredLength, readBody } from '../http/body.ts'
import type { EngineRequest, EngineResponse } from '../http/messages.ts'
import { refuse } from '../http/respond.ts'
import type { Traces } from '../journal/trace.ts'
import { keys } from '../keys.ts'
import type { Logger } from '../ports/logger.ts'
import type { WriteOperation } from '../ports/storage.ts'
import type { MockMatch } from '../routing/match.ts'
import { needsTouch, putSession, type SessionState, touched } from '../sessions/session-record.ts'
import { owesIn } from '../time/due.ts'
import { createExchange, type Exchange } from './exchange.ts'
import { loadSituation, type SituationServices, unknownSession } from './load-situation.ts'
import type { Situation } from './situation.ts'

export interface HandleServices extends SituationServices {
  readonly logger: Logger
  readonly queue: KeyedQueue
  /** Bytes of a mocked endpoint's request. */
  readonly bodyLimit: number
  /** Told of each write, so that what is owed now is sent now. */
  readonly wrote: (operations: readonly WriteOperation[]) => void
  /** Where the journal wants to know what is found out of a request; null without a journal. */
  readonly traces: Traces | null
}

/** Answers a request to a mocked endpoint: read, plan, commit, respond. An endpoint with a fixed answer answers at once. */
export function handleMock(
  services: HandleServices,
  request: EngineRequest,
  match: MockMatch,
): EngineResponse | Promise<EngineResponse> {
  const session = match.session ?? request.headers.get('x-imnot-session')
  assertDeclaredLength(request, services.bodyLimit)
  const { fixed } = match.route.behaviour
  if (fixed !== undefined && session === null) return fixed
  return handleStateful(services, request, match, session)
}

async function handleStateful(
  services: HandleServices,
  request: EngineRequest,
  match: MockMatch,
  session: string | null,
): Promise<EngineResponse> {
  const { behaviour, partner, datapoint } = match.route
  const bytes = behaviour.readsBody ? await readBody(request, services.bodyLimit) : noBytes
  const exchange = createExchange({ request, bytes, ...match })
  const flowId = behaviour.flowId?.(exchange) ?? null
  const wanted = { partner, datapoint, session, flowId, payload: behaviour.readsPayload === true }
  const attempt = () => attemptOnce(services, match, exchange, wanted)
  if (flowId === null) return untilWon(services.clock, attempt)
  // The requests of one flow take their turns here, so that they lose no races against each other.
  const turn = keys.owner(flowId, partner, datapoint)
  return services.queue.run(turn, () => untilWon(services.clock, attempt))
}

async function attemptOnce(
  services: HandleServices,
  match: MockMatch,
  exchange: Exchange,
  wanted: Parameters<typeof loadSituation>[1],
): Promise<EngineResponse | typeof lostRace> {
  const situation = await loadSituation(services, wanted)
  const trace = services.traces?.get(exchange.request)
  if (situation === unknownSession) {
    if (trace !== undefined) trace.refusedBy = 'no_session'
    return refuseUnknownSession(wanted.session ?? '')
  }
  const plan = await match.route.behaviour.plan(exchange, situation)
  const operations = match.passive ? [] : (plan.operations ?? [])
  if (trace !== undefined) {
    trace.session = situation.session?.value.id ?? null
    trace.flow = wanted.flowId
    trace.operations = operations
    if (plan.refusedBy !== undefined) trace.refusedBy = plan.refusedBy
  }
  if (operations.length === 0) {
    if (situation.session !== null) touchLater(services, situation.session, situation.now)
    return plan.answer
  }
  const result = await services.storage.write(guarded(operations, situation))
  if (!result.ok) return lostRace
  services.wrote(operations)
  return plan.answer
}

const noBytes = new Uint8Array(0)

export function refuseUnknownSession(session: string): EngineResponse {
  const cause = sessionId.test(session)
    ? 'it was deleted, has expired or never was. Make one with POST /imnot/admin/sessions or `imnot sessions create`, ' +
      'or send the request without a session.'
    : 'a request names its session by the id, such as 0f3c6a52-6a0e-4a53-9d1a-0d0f4b1f6f4e; labels are for the admin API ' +
      'and the command line. GET /imnot/admin/sessions and `imnot sessions list` show the id of each label.'
  return refuse(404, `There is no session "${session}": ${cause}`)
}

/** Every id of a session looks so, and hardly any label. */
const sessionId = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i

/**
 * Whatever is written in a session is written only while the session is there, and by the clock that it had. In the global
 * scope only what is owed by a clock need hold it.
 */
function guarded(operations: readonly WriteOperation[], situation: Situation): readonly WriteOperation[] {
  const { session, globalClock, now } = situation
  const held = session === null ? [] : [holdSession(session, now)]
  const owes = globalClock !== null && owesIn(keys.scope(null), operations)
  if (owes) held.push(globalClock.check)
  return held.length === 0 ? operations : [...operations, ...held]
}

function holdSession(session: SessionState, now: number): WriteOperation {
  if (needsTouch(session.value, now)) return putSession(touched(session.value, now), session.version)
  return { type: 'check', key: session.key, expect: session.version }
}

/** A request that only reads does not wait until its use of the session is written down. */
function touchLater(services: HandleServices, session: SessionState, now: number): void {
  if (!needsTouch(session.value, now)) return
  services.storage.write([putSession(touched(session.value, now), session.version)]).catch((error: unknown) => {
    services.logger.warn('The use of a session could not be written down', { error: String(error) })
  })
}
