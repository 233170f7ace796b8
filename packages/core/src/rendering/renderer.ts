import type { Scope } from './scope.ts'

/** A declared value, compiled once: gives the value for a scope. Undefined where its template finds nothing. Never throws. */
export interface Renderer {
  (scope: Scope): unknown
  /** Whether it depends on nothing: the same value each time. */
  readonly isFixed: boolean
  /** What it reads, by the first two names of each path: `request.body`, `counters.invoice`, `now`. */
  readonly reads: readonly string[]
}

export function fixedRenderer(value: unknown): Renderer {
  return Object.assign(() => value, { isFixed: true, reads: [] })
}

export function rendererOf(render: (scope: Scope) => unknown, reads: readonly string[] = []): Renderer {
  return Object.assign((scope: Scope) => render(scope), { isFixed: false, reads })
}

/** What several renderers read together. */
export function readsOf(renderers: readonly { readonly reads: readonly string[] }[]): string[] {
  return [...new Set(renderers.flatMap((renderer) => renderer.reads))]
}

/** Whether the request's body has to be there. `request` alone is all of it. */
export function readsBody(reads: readonly string[]): boolean {
  return reads.some((read) => read === 'request' || read === 'request.body' || read === 'request.text')
}

/** `now` is by the scope's clock, which is kept, too. */
const keptRoots: readonly string[] = [
  ...['flow', 'record', 'records', 'page', 'token', 'session', 'delivery', 'counters', 'now'],
]

/** Whether it depends on nothing that is stored, so that without a session no storage need be asked. */
export function isStateless(reads: readonly string[]): boolean {
  return !reads.some((read) => keptRoots.includes(read.split('.', 1)[0] ?? ''))
}

/** The members of a root that are read: of `counters.invoice` the name `invoice`. */
export function membersRead(reads: readonly string[], root: 'counters' | 'records'): string[] {
  return reads.filter((read) => read.startsWith(`${root}.`)).map((read) => read.slice(root.length + 1))
}
