import { findPattern } from '@imnot/schema'
import { readBody } from '../../http/body.ts'
import type { EngineResponse } from '../../http/messages.ts'
import { refuse, respond, respondJson, respondJsonText } from '../../http/respond.ts'
import { describeKind, describePayload } from '../../payloads/describe-payload.ts'
import { howToUpload } from '../../payloads/how-to-upload.ts'
import { payloadParamsText } from '../../payloads/payload-params.ts'
import type { PayloadValue } from '../../payloads/payload-record.ts'
import type { PayloadPlace } from '../../payloads/payload-store.ts'
import { inspectUpload } from '../../payloads/well-formed.ts'
import type { AdminServices } from '../admin.ts'
import type { AdminRequest, AdminRoute } from '../admin-route.ts'
import { otherQuery, readKind, readParams, uploadQuery } from '../payload-query.ts'
import { refuseSession, scopeOf } from '../scope-of.ts'

const base = '/imnot/admin/{partner}/{datapoint}/payload'

const sessionHeader = { 'X-Imnot-Session': 'Id or label of the session; without it the global payload is meant' }

const uploadRoute = {
  method: 'POST',
  access: 'session',
  query: uploadQuery,
  otherQuery,
  body: { type: '*/*', summary: 'The payload: kept and sent back byte for byte' },
} as const

export function payloadRoutes(services: AdminServices): AdminRoute[] {
  const { catalogue, patterns, payloads, sessions } = services

  /** The datapoint, or the refusal of one that is not there, or that answers with no payload. */
  function findDatapoint({ partner = '', datapoint = '' }: AdminRequest['params']) {
    const definition = catalogue
      .current()
      .routes.definitions.find((parsed) => parsed.definition.partner === partner)?.definition
    const found = definition?.datapoints.find(({ name }) => name === datapoint)
    if (found === undefined) {
      return refuse(
        404,
        `There is no datapoint ${partner}/${datapoint}; GET /imnot/admin/partners and \`imnot routes\` show those that there are.`,
      )
    }
    if (findPattern(found.pattern, patterns)?.takesPayload) return found
    return refuse(
      404,
      `${partner}/${datapoint} has the pattern ${found.pattern}, which answers with no payload; upload to another datapoint.`,
    )
  }

  async function placeOf(request: AdminRequest, session: string | null): Promise<PayloadPlace | EngineResponse> {
    const definition = findDatapoint(request.params)
    if ('body' in definition) return definition
    const known = request.request.method === 'POST' ? Object.keys(uploadQuery) : []
    const named = readParams(request.query, definition, known)
    if ('detail' in named) return refuse(400, named.detail)
    const scope = await scopeOf(request, sessions, session)
    if ('refusal' in scope) return scope.refusal
    const { partner = '', datapoint = '' } = request.params
    return { partner, datapoint, session: scope.session, params: named.params }
  }

  async function store(request: AdminRequest, place: PayloadPlace): Promise<PayloadValue | EngineResponse> {
    if (request.request.isRebuilt === true) return refuse(409, bytesAreGone)
    const said = readKind(request.query)
    if ('detail' in said) return refuse(400, said.detail)
    const bytes = await readBody(request.request, services.limits.upload)
    const declared = request.request.headers.get('content-type')
    const isVerbatim = request.query.get('verbatim')?.toLowerCase() === 'true'
    const inspected = isVerbatim
      ? ({ ok: true, contentType: declared ?? 'application/octet-stream' } as const)
      : await inspectUpload(bytes, declared)
    if (!inspected.ok) return refuse(400, inspected.detail)
    const kind = { ...said, contentType: inspected.contentType }
    return (await payloads.put(place, bytes, kind)) ?? refuseSession(place.session ?? '')
  }

  async function show(request: AdminRequest, named: string | null, answer: (found: Shown) => EngineResponse) {
    const place = await placeOf(request, named)
    if ('body' in place) return place
    const payload = await payloads.get(place)
    return payload === null ? refuseNone(place) : answer({ payload, place })
  }

  return [
    {
      method: 'GET',
      path: '/imnot/admin/payloads',
      summary: 'The payloads of a session, or the global ones, without their contents',
      access: 'session',
      query: { session: 'Id or label of the session; without it the global payloads are meant' },
      answers: { 200: 'A list of payloads', 404: 'No such session' },
      async handle(request) {
        const scope = await scopeOf(request, sessions, request.query.get('session'))
        if ('refusal' in scope) return scope.refusal
        const stored = await payloads.list(scope.session)
        return respondJson(
          200,
          stored.map((value) => ({
            ...describeValue(value, scope.session),
            updated_at: new Date(value.updatedAt).toISOString(),
          })),
        )
      },
    },
    {
      ...uploadRoute,
      path: base,
      summary: 'Upload a payload, into the session that X-Imnot-Session names or for everybody',
      headers: sessionHeader,
      answers: { 200: 'Stored', 400: 'Not well formed', 404: 'No such datapoint or session', 413: 'Too large' },
      async handle(request) {
        const place = await placeOf(request, request.request.headers.get('x-imnot-session'))
        if ('body' in place) return place
        const stored = await store(request, place)
        return 'body' in stored ? stored : respondJson(200, describeStored(stored, place.session))
      },
    },
    {
      method: 'GET',
      path: base,
      summary: 'Inspect a payload',
      access: 'session',
      otherQuery,
      headers: sessionHeader,
      answers: { 200: 'The payload and what is known of it', 404: 'There is none' },
      handle: (request) =>
        show(request, request.request.headers.get('x-imnot-session'), ({ payload }) =>
          respondJsonText(200, describePayload(payload)),
        ),
    },
    {
      method: 'GET',
      path: `${base}/raw`,
      summary: 'The bytes of a payload',
      access: 'session',
      otherQuery,
      headers: sessionHeader,
      answers: { 200: 'The bytes, in the media type of the upload', 404: 'There is none' },
      handle: (request) =>
        show(request, request.request.headers.get('x-imnot-session'), ({ payload: { body, value } }) =>
          // The bytes may be HTML of anybody; on this address they must not run in a browser.
          respond(
            200,
            [
              'content-type',
              value.contentType,
              'content-security-policy',
              'sandbox',
              'x-content-type-options',
              'nosniff',
            ],
            body,
          ),
        ),
    },
    {
      method: 'DELETE',
      path: base,
      summary: 'Remove a payload',
      access: 'session',
      otherQuery,
      headers: sessionHeader,
      answers: { 200: 'Removed', 404: 'There was none' },
      async handle(request) {
        const place = await placeOf(request, request.request.headers.get('x-imnot-session'))
        if ('body' in place) return place
        if (!(await payloads.remove(place))) return refuseNone(place)
        return respondJson(200, { status: 'ok', ...describePlace(place) })
      },
    },
    {
      ...uploadRoute,
      path: `${base}/session`,
      summary: 'Upload a payload into a new session, or into the one that X-Imnot-Session names',
      headers: { 'X-Imnot-Session': 'Id or label of a session; without it a new one is made' },
      answers: { 200: 'The session', 400: 'Not well formed', 404: 'No such datapoint or session', 413: 'Too large' },
      async handle(request) {
        const place = await placeOf(request, request.request.headers.get('x-imnot-session'))
        if ('body' in place) return place
        if (place.session !== null) return describeUpload(await store(request, place), place.session)
        // A payload that is refused must not leave an empty session behind.
        const created = await sessions.create()
        if (!('token' in created)) return refuse(409, 'The session could not be made; try again.')
        const { id } = created.session
        const stored = await store(request, { ...place, session: id }).catch(async (error: unknown) => {
          await sessions.delete(id)
          throw error
        })
        if ('body' in stored) await sessions.delete(id)
        return describeUpload(stored, id, created.token)
      },
    },
    {
      method: 'GET',
      path: `${base}/session/{session_id}`,
      summary: 'Inspect the payload of a session',
      access: 'session',
      otherQuery,
      answers: { 200: 'The payload and what is known of it', 404: 'There is none' },
      async handle(request) {
        const named = request.params.session_id ?? ''
        const session = await sessions.find(named)
        return show(request, named, ({ payload, place }) =>
          respondJsonText(
            200,
            describePayload(payload, {
              session_id: place.session,
              partner: place.partner,
              datapoint: place.datapoint,
              created_at: new Date(session?.value.createdAt ?? 0).toISOString(),
            }),
          ),
        )
      },
    },
  ]
}

const bytesAreGone =
  'A payload is kept as the bytes that were sent, and the host has parsed this one already; mount imnot before the ' +
  "host's body parsers, or let them keep the bytes: express.json({ verify: (req, res, bytes) => { req.rawBody = bytes } })."

type Shown = { readonly payload: Parameters<typeof describePayload>[0]; readonly place: PayloadPlace }

function describeStored(stored: PayloadValue, session: string | null) {
  return { status: 'ok', ...describeValue(stored, session) }
}

function describeValue(
  { partner, datapoint, contentType, bytes, sha256, ...rest }: PayloadValue,
  session: string | null,
) {
  const more = describeKind(rest)
  return { partner, datapoint, session_id: session, content_type: contentType, bytes, sha256, ...more }
}

function describePlace({ partner, datapoint, params = {} }: PayloadPlace) {
  return { partner, datapoint, ...(Object.keys(params).length > 0 && { params }) }
}

function describeUpload(stored: PayloadValue | EngineResponse, session: string, token?: string): EngineResponse {
  if ('body' in stored) return stored
  return respondJson(200, { ...describeStored(stored, session), ...(token === undefined ? {} : { token }) })
}

function refuseNone({ partner, datapoint, session, params = {} }: PayloadPlace): EngineResponse {
  const kind = session === null ? 'global payload' : `payload of session ${session}`
  const values = Object.keys(params).length === 0 ? '' : ` with ${payloadParamsText(params)}`
  return refuse(
    404,
    `No ${kind} set for ${partner}/${datapoint}${values}; ${howToUpload({ partner, datapoint, session })}.`,
  )
}
