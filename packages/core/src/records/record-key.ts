import { keys } from '../keys.ts'
import type { Scope } from '../rendering/scope.ts'
import type { RecordId, RecordParams, Resource } from './resource.ts'
import { paramValues } from './unique.ts'

export function recordKey(resource: Resource, params: RecordParams, id: RecordId, scope: string): string {
  return keys.record(scope, resource.partner, resource.name, paramValues(resource, params), String(id))
}

/** The longest prefix of keys that has these parameters in it; the first that is missing ends it. */
export function recordPrefix(resource: Resource, params: RecordParams, scope: string): string {
  const { scopeNames, partner, name } = resource
  const missing = scopeNames.findIndex((one) => params[one] === undefined)
  const known = missing === -1 ? scopeNames : scopeNames.slice(0, missing)
  return keys.recordsOf(
    scope,
    partner,
    name,
    known.map((one) => params[one] ?? ''),
  )
}

/** Null where it is none. */
export function asId(value: unknown): RecordId | null {
  if (typeof value === 'number') return Number.isFinite(value) ? value : null
  return typeof value === 'string' && value !== '' ? value : null
}

export interface MadeId {
  readonly id: RecordId
  /** Made here, so that nobody else has it yet, unless a number or chance repeats itself: the write tells. */
  readonly isNew: boolean
}

export interface IdOccasion {
  readonly params: RecordParams
  readonly scope: Scope
  /** Key prefix of the scope of storage. */
  readonly prefix: string
  readonly clockNow: number
  readonly count: (key: string) => Promise<number>
  readonly isKnown: (id: RecordId) => boolean
}

/** So often is one drawn that turns out to be taken. */
const mostDraws = 1000

/** The id of a new record, as its resource says; null where the client had to choose it and did not. */
export async function makeRecordId(resource: Resource, occasion: IdOccasion): Promise<MadeId | null> {
  const { chosen, maker } = resource.ids
  const given = chosen === null ? null : asId(chosen(occasion.scope))
  if (given !== null) return { id: given, isNew: false }
  if (maker === null) return null
  const { partner, name } = resource
  const sequence = keys.counter(occasion.prefix, 'sequence', partner, name, ...paramValues(resource, occasion.params))
  for (let draw = 1; ; draw++) {
    const number = maker.isCounted ? await occasion.count(sequence) : 0
    const text = maker.make(occasion.scope, { number, now: occasion.clockNow })
    if (text === '') return null
    const id = maker.isNumber ? Number(text) : text
    if (!maker.isDrawn) return { id, isNew: false }
    if (!occasion.isKnown(id) || draw === mostDraws) return { id, isNew: true }
  }
}
