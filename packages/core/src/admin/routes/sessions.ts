import { refuse, respondJson } from '../../http/respond.ts'
import { makeSession } from '../../sessions/archive/make-session.ts'
import { takeImage } from '../../sessions/archive/take-image.ts'
import { describeSession } from '../../sessions/session-record.ts'
import type { AdminServices } from '../admin.ts'
import type { AdminRequest, AdminRoute } from '../admin-route.ts'
import { readJsonObject } from '../read-json.ts'
import { readSessionOptions, type SessionOptions } from '../read-session-options.ts'
import { refuseSession } from '../scope-of.ts'
import { baseUrlOf, refuseNotMade } from '../session-answers.ts'

const one = '/imnot/admin/sessions/{session_id}'

export function sessionRoutes({ sessions, storage, clock, making }: AdminServices): AdminRoute[] {
  /** The session that the path names, by id or label, if the caller may see it. */
  async function findFor({ params, tokenSession }: AdminRequest) {
    const found = await sessions.find(params.session_id ?? '')
    return found === null || (tokenSession !== null && found.value.id !== tokenSession) ? null : found.value
  }

  /** Null where there is no such session. */
  async function copy({ label, bind, ttlMs, isolated }: SessionOptions, from: string) {
    const original = (await sessions.find(from))?.value
    if (original === undefined) return null
    const image = await takeImage({ storage, clock, session: original })
    const { head } = image
    return makeSession(making, image, { label, bind, ttlMs: ttlMs ?? head.ttlMs, isolated: isolated ?? head.isolated })
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
          '`label`, `ttl` such as `7d`, `isolated`, `bind` to credentials that lead to it: `client_id`, `api_key`, `basic`, `host`, one or a list each, `from` another session, which it begins as a copy of',
        optional: true,
      },
      answers: {
        201: 'Its id, base URL and token',
        400: 'A wrong member',
        404: 'There is no session to copy',
        409: 'The label is taken, or a credential is bound already',
      },
      async handle({ request }) {
        const body = await readJsonObject(request)
        if ('refusal' in body) return body.refusal
        const options = readSessionOptions(body.object)
        if (typeof options === 'string') return refuse(400, options)
        const created = await (options.from === null ? sessions.create(options) : copy(options, options.from))
        if (created === null) return refuseSession(options.from ?? '')
        if (!('token' in created)) return refuseNotMade(created, options.label)
        const { session, token } = created
        return respondJson(201, { ...describeSession(session), base_url: baseUrlOf(request, session.id), token })
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
        return respondJson(200, { ...describeSession(session), base_url: baseUrlOf(request.request, session.id) })
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
