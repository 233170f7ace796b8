import { type Refusal, refusal } from '../answers/refusal.ts'
import { withValueAt } from '../flows/value-at.ts'
import type { Exchange } from '../handling/exchange.ts'
import { essence } from '../http/media-type.ts'
import { isMapping, readPath } from '../rendering/read-member.ts'
import type { Scope } from '../rendering/scope.ts'
import { applyMergePatch } from './json-merge-patch.ts'
import { applyJsonPatch, PatchFault } from './json-patch.ts'
import { toContent } from './merge-deep.ts'
import type { RecordState } from './record-state.ts'
import type { RecordContent } from './resource.ts'

/** What a record holds once the request has changed it; the same where it is to be found only. */
export type ChangeContent = (record: RecordState, exchange: Exchange, scope: Scope) => RecordContent | Refusal

/** All that was sent takes the place of what was sent before; what is hidden, and what the partner itself has set, stays. */
export const replaceContent: ChangeContent = ({ resource, content }, exchange, scope) => {
  const { body } = exchange.view
  if (!isMapping(body)) return refuseBody('replaces a record')
  const { sent, hidden } = resource
  const kept =
    sent === null ? {} : Object.fromEntries(Object.entries(content).filter(([name]) => !sent.names.includes(name)))
  const { id: _id, ...given } = sent === null ? toContent(body) : toContent(sent.content(scope))
  return hidden.reduce<RecordContent>(
    (changed, path) => {
      const names = path.split('.')
      const old = readPath(content, names)
      const isSent = readPath(changed, names) !== undefined
      return old === undefined || isSent ? changed : (withValueAt(changed, path, old) as RecordContent)
    },
    { ...kept, ...given },
  )
}

/** RFC 5789: by the media type a JSON patch, else a merge patch. */
export const patchContent: ChangeContent = ({ id, content }, exchange) => {
  const { body } = exchange.view
  if (essence(exchange.header('content-type')) === 'application/json-patch+json')
    return patchByList({ id, content }, body)
  if (!isMapping(body)) return refuseBody('changes a record')
  const { id: _id, ...patch } = toContent(body)
  return applyMergePatch(content, patch) as RecordContent
}

/** The id is part of what a patch sees and tests; changing it changes nothing. */
function patchByList({ id, content }: Pick<RecordState, 'id' | 'content'>, patch: unknown): RecordContent | Refusal {
  try {
    const patched = applyJsonPatch({ ...content, id }, patch)
    if (!isMapping(patched)) return refuseBody('leaves a record behind')
    const { id: _id, ...changed } = patched as RecordContent
    return changed
  } catch (fault) {
    if (!(fault instanceof PatchFault)) throw fault
    const detail = `${fault.message} Nothing was changed.`
    return fault.isOfRecord
      ? refusal('conflict', detail, { more: { reason: 'patch' } })
      : refusal('invalid', detail, { status: 400 })
  }
}

export function refuseBody(what: string): Refusal {
  return refusal(
    'invalid',
    `A body that ${what} must be an object, such as {"status":"OPEN"}, in a media type that says what it is.`,
    {
      status: 400,
    },
  )
}
