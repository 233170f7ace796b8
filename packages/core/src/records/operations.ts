import type { Operation } from '@imnot/schema'
import type { Refusal } from '../answers/refusal.ts'
import { isRefusal } from '../answers/refusal.ts'
import type { Exchange } from '../handling/exchange.ts'
import type { EngineResponse } from '../http/messages.ts'
import { isMapping } from '../rendering/read-member.ts'
import type { Scope } from '../rendering/scope.ts'
import { toText } from '../rendering/to-text.ts'
import { type ChangeContent, patchContent, refuseBody, replaceContent } from './changed-content.ts'
import { newContent } from './content.ts'
import { etagOf } from './etag.ts'
import { checkPreconditions } from './preconditions.ts'
import { refuseUnknownRecord } from './record-refusals.ts'
import type { RecordState } from './record-state.ts'
import type { RecordWork } from './record-work.ts'
import type { RecordParams, Resource } from './resource.ts'

/** What a request to a resource wants. */
export interface RecordRequest {
  readonly resource: Resource
  readonly params: RecordParams
  /** What the request names; empty where it names none. */
  readonly id: string
  readonly exchange: Exchange
  readonly scope: Scope
}

export interface Operated {
  /** The record as it is now; null for a list. */
  readonly record: RecordState | null
  readonly isNew: boolean
}

/** Does in the work what the operation says; a record that it deletes is removed by `finish`, once nobody needs it any more. */
export type Operate = (request: RecordRequest, work: RecordWork) => Promise<Operated | EngineResponse | Refusal>

export const operate: Readonly<Record<Operation, Operate>> = {
  list: async () => ({ record: null, isNew: false }),
  create: (request, work) => create(request, work, null),
  read: (request, work) => change(request, work, null, true),
  action: (request, work) => change(request, work, null),
  delete: (request, work) => change(request, work, null),
  patch: (request, work) => change(request, work, patchContent),
  async replace(request, work) {
    const { resource, params, id, exchange } = request
    const isNamed = resource.ids.chosen !== null && (await work.find(resource, params, id)) === null
    if (!isNamed || toText(resource.ids.chosen?.(request.scope)) !== id || id === '') {
      return change(request, work, replaceContent)
    }
    // Where clients choose ids, a PUT to one that is free makes the record (RFC 9110, 9.3.4).
    const failed = checkPreconditions(exchange, null, false)
    return failed ?? create(request, work, id)
  },
}

async function create(request: RecordRequest, work: RecordWork, id: string | null): Promise<Operated | Refusal> {
  const { resource, params, exchange, scope } = request
  if (resource.content === null && !isMapping(exchange.view.body) && exchange.bytes.byteLength > 0) {
    return refuseBody('makes a record')
  }
  const record = await work.create(resource, {
    params,
    id,
    scope,
    content: (made) => newContent(resource, scope, made),
  })
  return isRefusal(record) ? record : { record, isNew: true }
}

async function change(
  request: RecordRequest,
  work: RecordWork,
  changed: ChangeContent | null,
  isSafe = false,
): Promise<Operated | EngineResponse | Refusal> {
  const { resource, params, id, exchange, scope } = request
  const found = await work.find(resource, params, id)
  if (found === null) return refuseUnknownRecord(resource, id, params)
  const verdict = checkPreconditions(exchange, etagOf(found), isSafe)
  if (verdict !== null) return verdict
  const content = changed === null ? found.content : changed(found, exchange, scope)
  if (isRefusal(content)) return content as Refusal
  const record = await work.update(found, content as RecordState['content'])
  return isRefusal(record) ? record : { record, isNew: false }
}
