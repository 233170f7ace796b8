import { isRefusal, refusal } from '../answers/refusal.ts'
import { refuseToken } from '../auth/challenge.ts'
import type { KeyedQueue } from '../concurrency/keyed-queue.ts'
import { lostRace, untilWon } from '../concurrency/write-retry.ts'
import { putFlow } from '../flows/flow-record.ts'
import { assertDeclaredLength, assertLength, readBody } from '../http/body.ts'
import { isXmlType } from '../http/media-type.ts'
import type { EngineRequest, EngineResponse } from '../http/messages.ts'
import { paced } from '../http/paced.ts'
import { refuse } from '../http/respond.ts'
import type { Traces } from '../journal/trace.ts'
import { keys } from '../keys.ts'
import { loadLibrary } from '../libraries.ts'
import type { Plan } from '../patterns/pattern.ts'
import { payloadChoices } from '../payloads/payload-params.ts'
import type { Logger } from '../ports/logger.ts'
import type { JsonValue, WriteOperation } from '../ports/storage.ts'
import { isStateless } from '../rendering/renderer.ts'
import { extendScope, type Scope } from '../rendering/scope.ts'
import type { MockMatch } from '../routing/match.ts'
import { mountPathOf } from '../routing/mount-path.ts'
import { credentialsOf } from '../sessions/credentials.ts'
import { needsTouch, putSession, type SessionState, touched } from '../sessions/session-record.ts'
import { owesIn } from '../time/due.ts'
import type { StartStopwatch } from '../time/stopwatch.ts'
import type { Tokens } from '../tokens/tokens.ts'
import { readCredential } from './credential.ts'
import { createExchange, type Exchange } from './exchange.ts'
import { emptySituation, loadSituation, type SituationServices, unknownSession, type Wanted } from './load-situation.ts'
import type { Moment } from './moment.ts'
import { scopeOfRequest } from './scope-of-request.ts'
import type { Situation } from './situation.ts'

export interface HandleServices extends SituationServices {
  readonly logger: Logger
  readonly queue: KeyedQueue
  /** For what an open request waits for. */
  readonly stopwatch: StartStopwatch
  readonly tokens: Tokens
  /** Bytes of a mocked endpoint's request. */
  readonly bodyLimit: number
  /** Where consumers reach imnot; null: as each request says. */
  readonly baseUrl: string | null
  readonly explainMiss: (request: EngineRequest) => { readonly detail: string; readonly nearest: readonly JsonValue[] }
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
  // A credential may lead to a session, where any is bound.
  const named = match.session ?? request.headers.get('x-imnot-session')
  const isNowhere = named === null && !services.bindings.areInUse()
  assertDeclaredLength(request, bodyLimitOf(services, match))
  const { behaviour, features, bodyLimit } = match.route
  if (match.others !== null) return handleUndecided(services, request, match)
  if (behaviour.fixed !== undefined && isNowhere && features.length === 0 && bodyLimit === null) return behaviour.fixed
  if (isNowhere && isImmediate(match.route)) return answerAtOnce(services, request, match)
  return handleRoute(services, request, match)
}

/** Whether neither the storage nor the request's body has to be waited for. */
function isImmediate({ isStateless, readsBody, features }: MockMatch['route']): boolean {
  return isStateless && !readsBody && features.length === 0
}

function answerAtOnce(services: HandleServices, request: EngineRequest, match: MockMatch) {
  const { route } = match
  const exchange = exchangeOf(services, request, noBytes, match)
  const situation = emptySituation(services)
  const moment: Moment = { exchange, situation, scope: scopeOfRequest(exchange, situation) }
  const finish = ({ answer }: Plan) =>
    isRefusal(answer)
      ? route.refusals.answer(answer, moment.scope)
      : paced(answer, () => services.stopwatch(situation.clock))
  const plan = route.behaviour.plan(moment)
  return plan instanceof Promise ? plan.then(finish) : finish(plan)
}

async function handleRoute(
  services: HandleServices,
  request: EngineRequest,
  match: MockMatch,
): Promise<EngineResponse> {
  const bytes = match.route.readsBody ? await readWhole(request, bodyLimitOf(services, match)) : noBytes
  return answerWith(services, match, await provenExchange(services, request, bytes, match))
}

/** Where only the body, or what is stored, tells which of several routes answers: the first whose condition holds. */
async function handleUndecided(
  services: HandleServices,
  request: EngineRequest,
  match: MockMatch,
): Promise<EngineResponse> {
  const bytes = await readWhole(request, bodyLimitOf(services, match))
  const candidates = [{ target: match.route, params: match.params }, ...(match.others ?? [])]
  for (const { target: route, params } of candidates) {
    const chosen = { ...match, route, params, others: null }
    const exchange = await provenExchange(services, request, bytes, chosen)
    const holds = await conditionHolds(services, chosen, exchange)
    if (holds === unknownSession) return refuseSession(services, chosen, exchange)
    if (!holds) continue
    assertLength(bytes, bodyLimitOf(services, chosen))
    const trace = services.traces?.get(request)
    if (trace !== undefined) trace.match = chosen
    return answerWith(services, chosen, exchange)
  }
  const exchange = exchangeOf(services, request, bytes, match)
  const { detail, nearest } = services.explainMiss(request)
  const trace = services.traces?.get(request)
  if (trace !== undefined) Object.assign(trace, { nearest, refusedBy: 'no_route' })
  const missed = refusal('no_route', detail, { more: { nearest } })
  return match.route.refusals.answer(missed, scopeOfRequest(exchange, emptySituation(services)))
}

async function conditionHolds(services: HandleServices, match: MockMatch, exchange: Exchange) {
  const { when } = match.route
  if (when === null) return true
  if (isStateless(when.reads)) return when(scopeOfRequest(exchange, emptySituation(services)))
  const situation = await loadSituation(services, wantedBy(match, exchange))
  if (situation === unknownSession) return unknownSession
  const moment: Moment = { exchange, situation, scope: scopeIn(match.route, exchange, situation) }
  return when((await arrive(match.route, moment)).scope)
}

/** The moment once the request's coming has done to its flow what it does. */
async function arrive({ behaviour }: MockMatch['route'], moment: Moment): Promise<Moment> {
  return behaviour.arrive === undefined ? moment : behaviour.arrive(moment)
}

/** With what features of the endpoint know beside the request, its flow and its session. */
function scopeIn({ features }: MockMatch['route'], exchange: Exchange, situation: Situation): Scope {
  const scope = scopeOfRequest(exchange, situation)
  const sources = features.flatMap((feature) => feature.sources?.(exchange, situation) ?? [])
  return sources.length === 0 ? scope : extendScope(scope, Object.assign({}, ...sources))
}

/** The largest of those that the request may have. */
function bodyLimitOf({ bodyLimit }: HandleServices, { route, others }: MockMatch): number {
  const own = route.bodyLimit ?? bodyLimit
  return others === null ? own : Math.max(own, ...others.map(({ target }) => target.bodyLimit ?? bodyLimit))
}

async function readWhole(request: EngineRequest, limit: number): Promise<Uint8Array> {
  const bytes = await readBody(request, limit)
  if (isXmlType(request.headers.get('content-type'))) await loadLibrary('xml')
  return bytes
}

function wantedBy(match: MockMatch, exchange: Exchange): Wanted {
  const { behaviour, needs, partner, datapoint, payloadParams } = match.route
  const { payload, attempts, keys, lists } = needs
  return {
    partner,
    datapoint,
    session: exchange.session,
    credentials: () => credentialsOf(exchange),
    flowId: behaviour.flowId?.(exchange) ?? null,
    ...(behaviour.flowAlias !== undefined && { alias: behaviour.flowAlias(exchange) }),
    payload,
    ...(payloadParams.length > 0 && { payloadChoices: payloadChoices(payloadParams, match.params) }),
    attempts,
    ...(keys !== null && { keys: (scope) => keys(scope, exchange) }),
    ...(lists !== null && { lists: (scope) => lists(scope, exchange) }),
  }
}

async function answerWith(services: HandleServices, match: MockMatch, exchange: Exchange): Promise<EngineResponse> {
  const { partner, datapoint, responders } = match.route
  const wanted = wantedBy(match, exchange)
  const attempt = () => attemptOnce(services, match, exchange, wanted)
  const flowId = wanted.flowId
  // The requests of one flow take their turns here, so that they lose no races against each other.
  const turn = flowId === null ? null : keys.owner(flowId, partner, datapoint)
  const tries = () => untilWon(services.clock, attempt)
  const { answer, moment } = await (turn === null ? tries() : services.queue.run(turn, tries))
  if (moment === null) return answer
  let response = answer
  for (const feature of responders) response = (await feature.respond?.(response, moment)) ?? response
  return paced(response, () => services.stopwatch(moment.situation.clock))
}

/** What an attempt came to; without a moment where the session that was named is not there. */
interface Answered {
  readonly answer: EngineResponse
  readonly moment: Moment | null
}

async function attemptOnce(
  services: HandleServices,
  match: MockMatch,
  exchange: Exchange,
  wanted: Wanted,
): Promise<Answered | typeof lostRace> {
  const { route } = match
  const isFree = wanted.session === null && route.isStateless && !services.bindings.areInUse()
  const loaded = isFree ? emptySituation(services) : await loadSituation(services, wanted)
  const situation = loaded === unknownSession && judgesItself(route, exchange) ? emptySituation(services) : loaded
  const trace = services.traces?.get(exchange.request)
  if (situation === unknownSession) {
    if (trace !== undefined) trace.refusedBy = exchange.session?.by === 'token' ? 'unauthorized' : 'no_session'
    return { answer: refuseSession(services, match, exchange), moment: null }
  }
  const moment = await arrive(route, { exchange, situation, scope: scopeIn(route, exchange, situation) })
  const plan = await planFor(route, moment)
  const operations = match.passive || isRefusal(plan.answer) ? [] : operationsOf(plan, moment)
  if (trace !== undefined) {
    trace.session = situation.session?.value.id ?? null
    trace.sessionBy = situation.sessionBy
    trace.flow = wanted.flowId ?? situation.flow?.value.id ?? null
    trace.operations = operations
    trace.sessionTime = situation.clock.now
    trace.unfinished = plan.isInterim || plan.isPassing ? 'interim' : plan.hasMorePages ? 'page' : null
    if (isRefusal(plan.answer)) trace.refusedBy = plan.answer.kind
  }
  if (isRefusal(plan.answer)) return { answer: route.refusals.answer(plan.answer, moment.scope), moment }
  const answered: Answered = { answer: plan.answer, moment }
  if (operations.length === 0) {
    if (situation.session !== null) touchLater(services, situation.session, situation.now)
    return answered
  }
  const result = await services.storage.write(guarded(operations, situation))
  if (!result.ok) return lostRace
  services.wrote(operations)
  return answered
}

/** The guards, then the pattern, then what features add to it. */
async function planFor({ behaviour, features }: MockMatch['route'], first: Moment): Promise<Plan> {
  for (const feature of features) {
    const verdict = await feature.before?.(first)
    if (verdict !== null && verdict !== undefined) return { answer: verdict }
  }
  let moment = first
  for (const feature of features) if (feature.extend !== undefined) moment = await feature.extend(moment)
  let plan = await behaviour.plan(moment)
  for (const feature of features) {
    if (feature.amend !== undefined && !isRefusal(plan.answer)) plan = await feature.amend(plan, moment)
  }
  return plan
}

/** All that is written, the flow among it. */
function operationsOf(plan: Plan, { arrived }: Moment): readonly WriteOperation[] {
  const planned = plan.operations ?? []
  if (plan.flow !== undefined) return [putFlow(plan.flow), ...planned]
  return arrived?.flow === undefined ? planned : [putFlow(arrived.flow), ...arrived.operations, ...planned]
}

const noBytes = new Uint8Array(0)

async function provenExchange(
  services: HandleServices,
  request: EngineRequest,
  bytes: Uint8Array,
  match: MockMatch,
): Promise<Exchange> {
  const { behaviour, tokenOf } = match.route
  const exchange = exchangeOf(services, request, bytes, match)
  const asked = behaviour.credentialOf?.(exchange)
  exchange.prove(await (asked ?? readCredential(services.tokens, request, tokenOf?.(request) ?? null)))
  return exchange
}

/** Paths that imnot generates lead back through the mount; a base URL that was configured may name the mount already. */
function exchangeOf(services: HandleServices, request: EngineRequest, bytes: Uint8Array, match: MockMatch): Exchange {
  const mount = mountPathOf(request)
  const { baseUrl } = services
  const isNamed = baseUrl !== null && mount !== '' && baseUrl.endsWith(mount)
  return createExchange({
    request,
    bytes,
    ...match,
    prefix: mount + match.prefix,
    baseUrl: isNamed ? baseUrl.slice(0, -mount.length) : baseUrl,
  })
}

/** Whether the endpoint is one that is shown codes and tokens, and says itself what it thinks of those whose session is gone. */
function judgesItself({ behaviour }: MockMatch['route'], { session }: Exchange): boolean {
  return behaviour.credentialOf !== undefined && session?.by === 'token'
}

/** A client whose token is of a session that is gone gets what makes it ask for another one. */
function refuseSession(services: HandleServices, { route }: MockMatch, exchange: Exchange): EngineResponse {
  const { session } = exchange
  if (session?.by !== 'token') return refuseUnknownSession(session?.id ?? '')
  const scope = scopeOfRequest(exchange, emptySituation(services))
  return route.refusals.answer(refuseToken('its session was deleted or has expired', route.partner), scope)
}

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
