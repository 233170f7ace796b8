import type { JsonValue } from '../ports/storage.ts'
import { isMapping } from '../rendering/read-member.ts'
import { type Renderer, readsOf } from '../rendering/renderer.ts'
import type { Scope } from '../rendering/scope.ts'
import type { TemplateOptions } from '../rendering/template.ts'
import { compileValue } from '../rendering/value.ts'

export type Members = Readonly<Record<string, JsonValue>>

/** Declared members, compiled once: those of a later mapping take the place of earlier ones of the same name. */
export interface MembersRenderer {
  (scope: Scope): Members
  readonly reads: readonly string[]
}

export function compileMembers(declared: readonly unknown[], options: TemplateOptions): MembersRenderer {
  const renderers: Renderer[] = declared.filter(isMapping).map((members) => compileValue(members, options))
  const render = (scope: Scope): Members => Object.assign({}, ...renderers.map((renderer) => renderer(scope)))
  return Object.assign(render, { reads: readsOf(renderers) })
}
