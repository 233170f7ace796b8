import { type Refusal, refusal } from '../answers/refusal.ts'
import type { RecordId, RecordParams, Resource } from './resource.ts'
import type { UniqueValue } from './unique.ts'

export function refuseUnknownRecord(resource: Resource, id: unknown, params: RecordParams): Refusal {
  const shown = id === undefined || id === null || id === '' ? null : String(id)
  const { name, partner } = resource
  const detail =
    shown === null
      ? `The request names no id of a record of ${partner}/${name}; send the id of one that is there.`
      : `No record of ${partner}/${name} has the id "${shown}"${where(params)}; create it, or use the id of one that is there.`
  return refusal('not_found', detail)
}

export function refuseTakenId(resource: Resource, id: RecordId, params: RecordParams): Refusal {
  return refusal(
    'conflict',
    `A record of ${resource.partner}/${resource.name} has the id "${id}"${where(params)} already; choose another id.`,
    { more: { reason: 'taken' } },
  )
}

export function refuseMissingId(resource: Resource): Refusal {
  return refusal(
    'invalid',
    `The client chooses the ids of ${resource.partner}/${resource.name}, and the request names none; send one as text or a number.`,
  )
}

export function refuseRepeated(resource: Resource, { field, value }: UniqueValue, holder: RecordId): Refusal {
  const shown = JSON.stringify(value)?.slice(0, 200)
  return refusal(
    'conflict',
    `The record "${holder}" of ${resource.partner}/${resource.name} has the ${field} ${shown} already, and no two may have the same; send another.`,
    { more: { reason: 'not_unique', field } },
  )
}

function where(params: RecordParams): string {
  const named = Object.entries(params).map(([name, value]) => `${name} "${value}"`)
  return named.length === 0 ? '' : ` for ${named.join(', ')}`
}
