import { Buffer } from 'node:buffer'
import type { PaginatedDatapoint } from '@imnot/schema'
import { compileHeaders } from '../answers/headers.ts'
import { refusal } from '../answers/refusal.ts'
import type { Exchange } from '../handling/exchange.ts'
import type { Situation } from '../handling/situation.ts'
import { withType } from '../http/declared-response.ts'
import { respond } from '../http/respond.ts'
import { findArrayItems, type ItemSpans } from '../pages/array-items.ts'
import { makeCursor, readCursor } from '../pages/cursor.ts'
import { type Page, pageStyles } from '../pages/page-styles.ts'
import { refuseNoPayload } from '../payloads/payload-answer.ts'
import type { PayloadState } from '../payloads/payload-record.ts'
import { readsBody } from '../rendering/renderer.ts'
import { behaviourOf } from './pattern.ts'

/** Pages of an uploaded array; the items are the uploaded bytes. */
export const paginatedBehaviour = behaviourOf<PaginatedDatapoint>('paginated', (context) => {
  const { partner, datapoint, endpoint, options, services } = context
  const { pagination } = datapoint
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
      makeCursor: (offset) => makeCursor(key, subject, { offset, expiresAt }),
      readCursor: (cursor) => readCursor(key, subject, cursor, situation.clock.now),
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
      }
    },
  }
})

const noKey = new Uint8Array(0)

function refuseNoArray(partner: string, datapoint: string) {
  return refusal(
    'invalid',
    `Payload must be a JSON array for the paginated pattern; upload the whole list as one array for ${partner}/${datapoint}.`,
  )
}

/** The items go from the upload into the page as they are; only what surrounds them is written here. */
function pageBody(itemsField: string, payload: PayloadState, items: ItemSpans, page: Page): Uint8Array {
  const chunks: Uint8Array[] = [Buffer.from(`{${JSON.stringify(itemsField)}:[`)]
  items.slice(page.offset, page.offset + page.limit).forEach(([start, end], index) => {
    if (index > 0) chunks.push(comma)
    chunks.push(payload.body.subarray(start, end))
  })
  const fields = page.fields.map(([name, value]) => `,${JSON.stringify(name)}:${JSON.stringify(value)}`)
  chunks.push(Buffer.from(`]${fields.join('')}}`))
  return Buffer.concat(chunks)
}

const comma = Buffer.from(',')
