import type { Situation } from '../handling/situation.ts'
import type { PayloadBodies } from '../payloads/payload-bodies.ts'
import type { Scope } from '../rendering/scope.ts'
import { compileTemplate, type TemplateOptions } from '../rendering/template.ts'
import { readJsonList } from './json-list.ts'
import { listOf, type PageList } from './page-list.ts'

/** Where the list of a page comes from. */
export interface PageSource {
  readonly reads: readonly string[]
  readonly readsPayload: boolean
  list(situation: Situation, scope: Scope): PageList | MissingList
}

/** Why there is no list. */
export type MissingList = { readonly missing: 'payload' } | { readonly missing: 'array'; readonly path: string }

/** `of`: a template, `payload`, or `payload.PATH`. */
export function pageSource(of: string, bodies: PayloadBodies, options: TemplateOptions): PageSource {
  if (of.includes('{{')) {
    const template = compileTemplate(of, options)
    return { reads: template.reads, readsPayload: false, list: (_situation, scope) => listOf(template(scope)) }
  }
  const path = of.split('.').slice(1)
  const read = (bytes: Uint8Array): PageList | null => readJsonList(bytes, path)
  return {
    reads: [],
    readsPayload: true,
    list({ payload }) {
      if (payload === null) return { missing: 'payload' }
      return bodies.derive(payload, read) ?? { missing: 'array', path: path.join('.') }
    },
  }
}
