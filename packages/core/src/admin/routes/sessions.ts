import type { EngineRequest, EngineResponse } from '../../http/messages.ts'
import { refuse, respondJson } from '../../http/respond.ts'
import { mountPathOf } from '../../routing/mount-path.ts'
import type { Taken } from '../../sessions/bind.ts'
import { describeSession } from '../../sessions/session-record.ts'
import type { CreateSession } from '../../sessions/session-store.ts'
import type { AdminServices } from '../admin.ts'
import type { AdminRequest, AdminRoute } from '../admin-route.ts'
import { parseDuration } from '../duration.ts'
import { readBind } from '../read-bind.ts'
import { readJsonObject } from '../read-json.ts'
import { refuseSession } from '../scope-of.ts'

const one = '/imnot/admin/sessions/{session_id}'

export function sessionRoutes({ sessions }: AdminServices): AdminRoute[] {
  /** The session that the path names, by id or label, if the caller may see it. */
  async function findFor({ params, tokenSession }: AdminRequest) {
    const found = await sessions.find(params.session_id ?? '')
    return found === null || (tokenSession !== null && found.value.id !== tokenSession) ? null : found.value
  }

  return [
    {
      method: 'POST',
      path: '/imnot/admin/sessions',
      summary: 'Make a session: a world of its own, with its payloads, flows and callbacks',
      access: 'admin',
      body: {
        type: 'application/json',
        summary:
          '`label`, `ttl` such as `7d`, `isolated`, `bind` to credentials that lead to it: `client_id`, `api_key`, `basic`, `host`, one or a list each',
        optional: true,
      },
      answers: {
        201: 'Its id, base URL and token',
        400: 'A wrong member',
        409: 'The label is taken, or a credential is bound already',
      },
      async handle({ request }) {
        const body = await readJsonObject(request)
        if ('refusal' in body) return body.refusal
        const options = readOptions(body.object)
        if ('refusal' in options) return options.refusal
        const created = await sessions.create(options.create)
        if ('labelTaken' in created) {
          return refuse(
            409,
            `The label "${options.create.label}" belongs to the session ${created.labelTaken}; choose another or delete that one.`,
          )
        }
        if ('binding' in created) return refuseTaken(created)
        const { session, token } = created
        return respondJson(201, { ...describeSession(session), base_url: baseUrl(request, session.id), token })
      },
    },
    {
      method: 'GET',
      path: '/imnot/admin/sessions',
      summary: 'Sessions, newest first',
      access: 'admin',
      answers: { 200: 'A list of sessions' },
      handle: async () => respondJson(200, (await sessions.list()).map(describeSession)),
    },
    {
      method: 'DELETE',
      path: '/imnot/admin/sessions',
      summary: 'Delete all sessions with everything in them',
      access: 'admin',
      query: { all: 'Must be `true`' },
      answers: { 200: 'How many there were', 400: 'Without `all=true`' },
      async handle({ query }) {
        if (query.get('all') !== 'true') return refuse(400, 'This deletes every session; say so with ?all=true.')
        const all = await sessions.list()
        for (const session of all) await sessions.delete(session.id)
        return respondJson(200, { status: 'ok', deleted: all.length })
      },
    },
    {
      method: 'GET',
      path: one,
      summary: 'One session, by id or label',
      access: 'session',
      answers: { 200: 'The session', 404: 'There is none' },
      async handle(request) {
        const session = await findFor(request)
        if (session === null) return refuseSession(request.params.session_id ?? '')
        return respondJson(200, { ...describeSession(session), base_url: baseUrl(request.request, session.id) })
      },
    },
    {
      method: 'DELETE',
      path: one,
      summary: 'Delete a session with everything in it',
      access: 'session',
      answers: { 200: 'Deleted', 404: 'There was none' },
      async handle(request) {
        const session = await findFor(request)
        if (session === null || !(await sessions.delete(session.id)))
          return refuseSession(request.params.session_id ?? '')
        return respondJson(200, { status: 'ok', session_id: session.id })
      },
    },
  ]
}

function refuseTaken({ binding: { kind, shown }, session: { id, label } }: Taken): EngineResponse {
  const holder = label === null ? `session ${id}` : `session "${label}" (${id})`
  return refuse(409, `The ${kind} "${shown}" is bound to the ${holder}; delete that one, or bind another.`, {
    session_id: id,
  })
}

/** What a consumer's base URL ends with, to be in this session. */
function baseUrl(request: EngineRequest, id: string): string {
  return `${mountPathOf(request)}/imnot/s/${id}`
}

const longestTtlMs = 366 * 24 * 3_600_000

function readOptions(
  object: Readonly<Record<string, unknown>>,
): { readonly create: CreateSession } | { readonly refusal: EngineResponse } {
  const wrong = (detail: string) => ({ refusal: refuse(400, detail) })
  for (const name of Object.keys(object)) {
    if (!['label', 'ttl', 'isolated', 'bind'].includes(name))
      return wrong(`A session has no "${name}"; it has label, ttl, isolated and bind.`)
  }
  const { label = null, ttl = '7d', isolated = false, bind = {} } = object
  if (label !== null && !isLabel(label)) {
    return wrong('label must be text of 1 to 100 printable characters without a slash, such as "INT-4211".')
  }
  const ttlMs = typeof ttl === 'string' ? parseDuration(ttl) : null
  if (ttlMs === null || ttlMs < 1000 || ttlMs > longestTtlMs) {
    return wrong('ttl must be a duration from "1s" to "366d", such as "30m" or "7d".')
  }
  if (typeof isolated !== 'boolean') return wrong('isolated must be true or false.')
  const credentials = readBind(bind)
  if (typeof credentials === 'string') return wrong(credentials)
  return { create: { label, ttlMs, isolated, bind: credentials } }
}

function isLabel(label: unknown): label is string {
  return typeof label === 'string' && /^[^\p{C}/]{1,100}$/u.test(label) && label.trim() === label
}
