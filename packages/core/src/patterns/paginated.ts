import { Buffer } from 'node:buffer'
import { randomUUID } from 'node:crypto'
import type { PaginatedDatapoint } from '@imnot/schema'
import { compileAnswer } from '../answers/answer.ts'
import { compileHeaders } from '../answers/headers.ts'
import { refusal } from '../answers/refusal.ts'
import { renderAnswer } from '../answers/render-answer.ts'
import { withValueAt } from '../flows/value-at.ts'
import type { Exchange } from '../handling/exchange.ts'
import type { Situation } from '../handling/situation.ts'
import { withType } from '../http/declared-response.ts'
import { respond } from '../http/respond.ts'
import { findArrayItems, type ItemSpans } from '../pages/array-items.ts'
import { makeCursor, readCursor } from '../pages/cursor.ts'
import { type Page, pageStyles } from '../pages/page-styles.ts'
import { payloadAnswer, refuseNoPayload } from '../payloads/payload-answer.ts'
import type { PayloadState } from '../payloads/payload-record.ts'
import { readsBody } from '../rendering/renderer.ts'
import { behaviourOf, type CompileContext, type EndpointBehaviour } from './pattern.ts'

type Context = CompileContext<PaginatedDatapoint>
type Pagination = NonNullable<PaginatedDatapoint['pagination']>

/** Pages of an uploaded array; the items are the uploaded bytes. */
export const paginatedBehaviour = behaviourOf<PaginatedDatapoint>('paginated', (context) => {
  const { pagination } = context.datapoint
  return context.endpoint.page !== undefined || pagination === undefined
    ? compilePaged(context)
    : compileFields(context, pagination)
})

/** An endpoint with `page`: the declared body, or the payload itself, which the feature cuts to the page. */
function compilePaged({ partner, datapoint, endpoint, options, services }: Context): EndpointBehaviour {
  const { response } = endpoint
  const declared = response.body === undefined ? null : compileAnswer(response, options)
  const payloadOf = payloadAnswer(response, options)
  return {
    readsBody: readsBody(declared?.reads ?? payloadOf.reads),
    readsPayload: true,
    async plan(moment) {
      const { payload } = moment.situation
      if (payload === null) return { answer: refuseNoPayload(partner, datapoint.name, moment.situation) }
      const answer =
        declared === null ? payloadOf(payload, moment.scope) : renderAnswer(services.storage, declared, moment)
      return { answer: await answer }
    },
  }
}

/** An endpoint that `pagination` of its datapoint pages, by the names of the fields. */
function compileFields(context: Context, pagination: Pagination): EndpointBehaviour {
  const { partner, datapoint, endpoint, options, services } = context
  const { status, content_type: type = 'application/json' } = endpoint.response
  const headers = compileHeaders(endpoint.response.headers, options)

  function pageOf(exchange: Exchange, situation: Situation, total: number, key: Uint8Array) {
    const subject = [partner, datapoint.name, situation.session?.value.id ?? ''].join('/')
    const lifetime = pagination.cursor_ttl_seconds * 1000
    const expiresAt = lifetime === 0 ? null : situation.clock.now + lifetime
    return pageStyles[pagination.style]({
      pagination,
      exchange,
      total,
      makeCursor: (offset) => makeCursor(key, subject, [offset, expiresAt]),
      readCursor(cursor) {
        const [offset = null, end = null] = (readCursor(key, subject, cursor) ?? []) as readonly (number | null)[]
        return end !== null && end <= situation.clock.now ? null : offset
      },
    })
  }

  return {
    readsBody: readsBody(headers.reads),
    readsPayload: true,
    async plan({ exchange, situation, scope }) {
      const { payload } = situation
      if (payload === null) return { answer: refuseNoPayload(partner, datapoint.name, situation) }
      const items = services.bodies.derive(payload, findArrayItems)
      if (items === null) return { answer: refuseNoArray(partner, datapoint.name) }
      const key = pagination.style === 'cursor' ? await services.secrets.bytes('cursor-key') : noKey
      const page = pageOf(exchange, situation, items.length, key)
      if ('detail' in page) return { answer: refusal('invalid', page.detail, { status: page.status }) }
      return {
        answer: respond(status, withType(headers(scope), type), pageBody(pagination.items_field, payload, items, page)),
        hasMorePages: page.offset + page.limit < items.length,
      }
    },
  }
}

const noKey = new Uint8Array(0)

function refuseNoArray(partner: string, datapoint: string) {
  return refusal(
    'invalid',
    `Payload must be a JSON array for the paginated pattern; upload the whole list as one array for ${partner}/${datapoint}.`,
  )
}

/** The items go from the upload into the page as they are; only what surrounds them is written here. */
function pageBody(itemsField: string, payload: PayloadState, items: ItemSpans, page: Page): Uint8Array {
  // Fields come in the order in which they are named, nested ones where the first of their mapping stands.
  let fields = withValueAt({}, itemsField, itemsMark)
  for (const [name, value] of page.fields) fields = withValueAt(fields, name, value)
  const [before = '', after = ''] = JSON.stringify(fields).split(JSON.stringify(itemsMark))
  const chunks: Uint8Array[] = [Buffer.from(`${before}[`)]
  items.slice(page.offset, page.offset + page.limit).forEach(([start, end], index) => {
    if (index > 0) chunks.push(comma)
    chunks.push(payload.body.subarray(start, end))
  })
  chunks.push(Buffer.from(`]${after}`))
  return Buffer.concat(chunks)
}

const comma = Buffer.from(',')
// Nobody knows it, so that no field can have this name.
const itemsMark = randomUUID()
