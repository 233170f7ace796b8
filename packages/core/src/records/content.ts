import { extendScope, type Scope } from '../rendering/scope.ts'
import { toContent } from './merge-deep.ts'
import { recordView } from './record-view.ts'
import type { RecordContent, RecordId, Resource } from './resource.ts'

/** What a new record holds: what its resource declares, where `record.id` is its id, else what was sent. */
export function newContent(resource: Resource, scope: Scope, id: RecordId): RecordContent {
  if (resource.content === null) return toContent(scope.request?.body)
  const record = () => recordView({ resource, id, content: {} })
  return toContent(resource.content(extendScope(scope, { record })))
}
