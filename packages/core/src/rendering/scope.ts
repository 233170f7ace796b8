import { randomUUID } from 'node:crypto'
import type { RequestView } from '../request/request-view.ts'

/**
 * What templates and conditions see. Each member is a getter that is computed when it is first read, so that what nothing
 * reads costs nothing. Undefined is what there is not: a template that reads it has found nothing.
 *
 * Values are data: text, numbers, truth values, null, lists and mappings. Moments are ISO 8601 text in UTC.
 */
export interface Scope {
  readonly request: RequestView | undefined
  /** `id`, `state`, `step`, `polls`, `created_at`, and what was captured and generated. */
  readonly flow: unknown
  readonly record: unknown
  /** Lists of records by the name of their resource. */
  readonly records: unknown
  readonly page: unknown
  /** The claims of the token that the request came with. */
  readonly token: unknown
  readonly session: unknown
  readonly delivery: unknown
  /** `kind`, `detail`, `status` of a refusal. */
  readonly error: unknown
  /** The session's time. */
  readonly now: string
  /** Absolute, without a slash at its end; leads back into the session that the request's base URL named. */
  readonly base_url: string
  /** A new one each time it is read. */
  readonly uuid: string
  /** The next number of each counter that the answer reads, counted before it is rendered, once for each request. */
  readonly counters: unknown
  /** Loop variables. */
  readonly locals: Readonly<Record<string, unknown>> | null
}

/** The names that a template may begin with, beside loop variables. */
export type RootName = Exclude<keyof Scope, 'locals'>

/** How each member comes about; called once at most (`uuid` each time). What is left out is undefined. */
export type ScopeSources = { readonly [Root in Exclude<RootName, 'uuid'>]?: () => Scope[Root] }

export function createScope(sources: ScopeSources): Scope {
  return makeLazy(sources, null)
}

/**
 * The same scope with members that become known later, such as `page`, `record` or `error`. What the first scope has
 * computed is not computed again.
 */
export function extendScope(scope: Scope, sources: ScopeSources): Scope {
  const inherited: Record<string, () => unknown> = {}
  for (const root of sourceNames) inherited[root] = () => scope[root]
  return makeLazy({ ...inherited, ...sources } as ScopeSources, scope.locals)
}

/** The scope inside a loop. */
export function withLocals(scope: Scope, locals: Readonly<Record<string, unknown>>): Scope {
  const inner = Object.create(scope) as { locals: Scope['locals'] }
  const around = scope.locals
  Object.defineProperty(inner, 'locals', { value: around === null ? locals : { ...around, ...locals } })
  return inner as Scope
}

/** The value that a name stands for: a loop variable's, else a member's of the scope. */
export function readRoot(scope: Scope, name: string): unknown {
  const { locals } = scope
  if (locals !== null && Object.hasOwn(locals, name)) return locals[name]
  return rootNames.has(name) ? scope[name as RootName] : undefined
}

const sourceNames = [
  ...(['request', 'flow', 'record', 'records', 'page', 'token', 'session', 'delivery', 'error', 'now'] as const),
  ...(['base_url', 'counters'] as const),
]

/** A test keeps these equal to the names that the schema admits. */
export const rootNames: ReadonlySet<string> = new Set<RootName>([...sourceNames, 'uuid'])

interface LazyScope {
  readonly sources: ScopeSources
  readonly known: Partial<Record<RootName, unknown>>
}

const lazyScope = Object.create(null, {
  locals: { value: null },
  uuid: { get: () => randomUUID() },
  ...Object.fromEntries(
    sourceNames.map((name) => [
      name,
      {
        get(this: LazyScope) {
          const { known } = this
          if (!(name in known)) known[name] = this.sources[name]?.()
          return known[name]
        },
      },
    ]),
  ),
})

function makeLazy(sources: ScopeSources, locals: Scope['locals']): Scope {
  const scope = Object.create(lazyScope)
  scope.sources = sources
  scope.known = {}
  if (locals !== null) Object.defineProperty(scope, 'locals', { value: locals })
  return scope as Scope
}
