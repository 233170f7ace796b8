import type { RecordParams, Resource } from './resource.ts'
import { paramValues } from './unique.ts'

/** What a record is called where an id alone must do, for its flow and its session: its id, behind the parameters that it is scoped by. */
export function recordFlowId(resource: Resource, params: RecordParams, id: unknown): string {
  return [...paramValues(resource, params), String(id)].join('/')
}
