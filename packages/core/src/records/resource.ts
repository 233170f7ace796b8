import type { IdMaker } from '../ids/compile-id.ts'
import type { JsonValue } from '../ports/storage.ts'
import type { Renderer } from '../rendering/renderer.ts'
import type { Scope } from '../rendering/scope.ts'

/** What a record holds, its id apart. */
export type RecordContent = { readonly [name: string]: JsonValue }

/** Values of the path parameters that a record belongs to, its id apart, by their names. */
export type RecordParams = Readonly<Record<string, string>>

/** Text in paths and keys, whatever its type. */
export type RecordId = string | number

/** A resource of a partner, compiled once: what its records are like, whoever makes or changes them. */
export interface Resource {
  readonly partner: string
  /** The datapoint's name. */
  readonly name: string
  /** Names of the path parameters that scope its ids, sequences, `unique`, lists and `records`; in the order of the path. */
  readonly scopeNames: readonly string[]
  readonly ids: RecordIds
  /** What a new record holds where nothing else is said; null: what was sent. */
  readonly content: Renderer | null
  /** The part of it that shows the request, by the names of its members: what a replacement gives anew. Null: all that is sent. */
  readonly sent: { readonly names: readonly string[]; readonly content: Renderer } | null
  /** Whether a record shows its id as `id`; not where it has it in a member of another name. */
  readonly showsId: boolean
  /** Dotted paths of members that are kept and never shown as part of the whole. */
  readonly hidden: readonly string[]
  /** Dotted paths of members that no two records share. */
  readonly unique: readonly string[]
  readonly initial: InitialRecords
  readonly hasStates: boolean
}

export interface RecordIds {
  /** As in `Renderer`. */
  readonly reads: readonly string[]
  /** The client chooses it: the value where it stands, or undefined where it names none. Null: it is made here. */
  readonly chosen: ((scope: Scope) => unknown) | null
  /** Also made here where the client has chosen none; null: it must choose. */
  readonly maker: IdMaker | null
}

/** The records that are there before anybody made one, by their key without its scope. They are never copied: what is stored lies over them. */
export type InitialRecords = ReadonlyMap<string, InitialRecord>

export interface InitialRecord {
  readonly id: RecordId
  readonly params: RecordParams
  readonly content: RecordContent
  readonly place: number
}

/** The resources of one partner, by name. */
export type Resources = ReadonlyMap<string, Resource>

/** The parameters of these that scope the resource; a missing one is absent. */
export function scopeParams(
  { scopeNames }: Pick<Resource, 'scopeNames'>,
  params: Readonly<Record<string, unknown>>,
): RecordParams {
  return Object.fromEntries(
    scopeNames.flatMap((name) => (isText(params[name]) ? [[name, String(params[name])] as const] : [])),
  )
}

function isText(value: unknown): boolean {
  return typeof value === 'string' || typeof value === 'number'
}
