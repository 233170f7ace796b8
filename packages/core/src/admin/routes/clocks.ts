import type { EngineResponse } from '../../http/messages.ts'
import { refuse, respondJson } from '../../http/respond.ts'
import type { JsonValue } from '../../ports/storage.ts'
import type { ClockReading } from '../../time/clock-reading.ts'
import type { Clocks } from '../../time/clocks.ts'
import { isFrozen } from '../../time/scope-clock.ts'
import type { AdminServices } from '../admin.ts'
import type { AdminRequest, AdminRoute } from '../admin-route.ts'
import { parseDuration } from '../duration.ts'
import { readJsonObject } from '../read-json.ts'
import { refuseSession, scopeOf } from '../scope-of.ts'

const ofSession = '/imnot/admin/sessions/{session_id}/clock'
const ofAll = '/imnot/admin/clock'

const answers = {
  200: 'The clock; after a change all that is due by it is done',
  404: 'No such session',
}
const changes = {
  ...answers,
  400: 'A wrong member',
  503: 'Somebody else is advancing the clock',
  504: 'Attempts took too long; the clock was let go on the way',
}
const body = {
  type: 'application/json',
  summary: '`{"advance": "2h", "settle": true}`, `{"freeze": true}` (`false` lets it run on), or `{"reset": true}`',
}

/** The clock of a session, and the one of everything that is in no session. */
export function clockRoutes({ clocks, sessions }: AdminServices): AdminRoute[] {
  async function show(session: string | null): Promise<EngineResponse> {
    const reading = await clocks.read(session)
    return reading === null ? refuseSession(session ?? '') : respondJson(200, describe(reading))
  }

  async function set({ request }: AdminRequest, session: string | null): Promise<EngineResponse> {
    const read = await readJsonObject(request)
    if ('refusal' in read) return read.refusal
    const change = readChange(read.object)
    if (typeof change === 'string') return refuse(400, change)
    return (await change(clocks, session)) ?? refuseSession(session ?? '')
  }

  /** The session that the path names, by id or label, if the caller may see it. */
  async function inSession(request: AdminRequest, act: (session: string | null) => Promise<EngineResponse>) {
    const scope = await scopeOf(request, sessions, request.params.session_id ?? '')
    return 'refusal' in scope ? scope.refusal : act(scope.session)
  }

  return [
    {
      method: 'GET',
      path: ofSession,
      summary: 'The clock of a session',
      access: 'session',
      answers,
      handle: (request) => inSession(request, show),
    },
    {
      method: 'POST',
      path: ofSession,
      summary: 'Advance, freeze or reset the clock of a session',
      access: 'session',
      body,
      answers: changes,
      handle: (request) => inSession(request, (session) => set(request, session)),
    },
    {
      method: 'GET',
      path: ofAll,
      summary: 'The clock of all that is in no session',
      access: 'admin',
      answers: { 200: answers[200] },
      handle: () => show(null),
    },
    {
      method: 'POST',
      path: ofAll,
      summary: 'Advance, freeze or reset the clock of all that is in no session',
      access: 'admin',
      body,
      answers: { 200: changes[200], 400: changes[400], 503: changes[503], 504: changes[504] },
      handle: (request) => set(request, null),
    },
  ]
}

type Change = (clocks: Clocks, session: string | null) => Promise<EngineResponse | null>

const longestAdvanceMs = 3660 * 24 * 3_600_000

/** The change, or what is wrong with it. */
function readChange(object: Readonly<Record<string, unknown>>): Change | string {
  const { advance, settle = false, freeze, reset, ...others } = object
  const [other] = Object.keys(others)
  if (other !== undefined) return `A clock has no "${other}"; it takes advance with settle, freeze, or reset.`
  if (typeof settle !== 'boolean') return 'settle must be true or false.'
  if (
    [advance, freeze, reset].filter((value) => value !== undefined).length > 1 ||
    (settle && (freeze ?? reset) !== undefined)
  )
    return 'A clock does one thing at a time: advance (with settle), freeze, or reset.'
  if (freeze !== undefined) return readFreeze(freeze)
  if (reset !== undefined)
    return reset === true ? (clocks, session) => answer(clocks.reset(session)) : 'reset must be true.'
  if (advance === undefined && !settle)
    return 'Say what the clock is to do: {"advance": "2h"}, {"freeze": true}, {"freeze": false} or {"reset": true}.'
  const byMs = advance === undefined ? 0 : typeof advance === 'string' ? parseDuration(advance) : null
  if (byMs === null || byMs > longestAdvanceMs)
    return 'advance must be a duration up to "3660d", such as "90s", "2h" or "3d".'
  return (clocks, session) => advanceBy(clocks, session, byMs, settle)
}

function readFreeze(freeze: unknown): Change | string {
  if (freeze === true) return (clocks, session) => answer(clocks.freeze(session))
  if (freeze === false) return (clocks, session) => answer(clocks.unfreeze(session))
  return 'freeze must be true, or false to let the clock run on.'
}

async function answer(changing: Promise<ClockReading | null>): Promise<EngineResponse | null> {
  const reading = await changing
  return reading === null ? null : respondJson(200, describe(reading))
}

async function advanceBy(clocks: Clocks, session: string | null, byMs: number, settle: boolean) {
  const advanced = await clocks.advance(session, { byMs, settle })
  if (advanced === null) return null
  if (!advanced.arrived) {
    return refuse(
      504,
      `The clock was let go at ${new Date(advanced.now).toISOString()}, on its way: what was due there was not done within ` +
        'a minute. GET /imnot/admin/deliveries shows which attempts hang; a server that sends callbacks must run.',
      describe(advanced),
    )
  }
  return respondJson(200, { ...describe(advanced), applied: advanced.applied })
}

function describe({ session, clock, now }: ClockReading): Readonly<Record<string, JsonValue>> {
  return {
    session_id: session,
    now: new Date(now).toISOString(),
    frozen: isFrozen(clock),
    /** How far it is from the wall clock. */
    offset_ms: Math.round(clock.offsetMs),
  }
}
