import type { DeclaredEffect } from '@imnot/schema'
import { isRefusal, type Refusal } from '../answers/refusal.ts'
import type { RecordWork } from '../records/record-work.ts'
import type { RecordContent, RecordParams, Resources } from '../records/resource.ts'
import { readsOf } from '../rendering/renderer.ts'
import type { Scope, ScopeSources } from '../rendering/scope.ts'
import type { TemplateOptions } from '../rendering/template.ts'
import { compileEffect } from './effect.ts'

/** Declared effects, compiled once: of an endpoint, or of a state. */
export interface Effects {
  /** As in `Renderer`. The lists of `records.NAME` must have been loaded into the work before `apply`. */
  readonly reads: readonly string[]
  /** Keys of records that they will look for, as far as the request alone tells: to be read together with the rest. */
  keys(scope: string, request: Scope, params: RecordParams): readonly string[]
  /**
   * Does them in their order: in `occasion.records`, whose `operations` the caller writes, and in the outcome. Changes nothing
   * else. A refusal says why not all could be done; what was done until then is to be thrown away with the work.
   */
  apply(occasion: EffectOccasion): Promise<EffectOutcome | Refusal>
}

/** What effects happen in. */
export interface EffectOccasion {
  /** What their templates see. */
  readonly scope: Scope
  /** What they change beside the subject; also what the answer and callbacks of the same write read. */
  readonly records: RecordWork
  /** Path parameters of the request, by which records are found where an effect names no `params`. */
  readonly params: Readonly<Record<string, string>>
  /** What `set` and `enter` concern; null where there is neither a flow nor a record. */
  readonly subject: EffectSubject | null
}

/** A flow or a record that effects change. */
export interface EffectSubject {
  /** What `set` merges into. */
  readonly values: RecordContent
  /** How templates see it with these values: `{ flow: () => … }` or `{ record: () => … }`. */
  readonly sources: (values: RecordContent) => ScopeSources
}

export interface EffectOutcome {
  /** What the answer and the callbacks see: the subject and `records` as they are now, and what `as` has named. */
  readonly scope: Scope
  /** The subject's values, changed or not. */
  readonly values: RecordContent
  /** Whether `set` has changed them. */
  readonly isChanged: boolean
  /** The state that the subject is to enter; null for none. The last one counts. */
  readonly enter: string | null
}

export interface EffectContext {
  readonly resources: Resources
  readonly options: TemplateOptions
}

/** Throws a `DefinitionFault`; shapes and names are the schema's to check. */
export function compileEffects(declared: readonly DeclaredEffect[], context: EffectContext): Effects {
  const compiled = declared.map((effect) => compileEffect(effect, context))
  return {
    reads: readsOf(compiled),
    keys: (scope, request, params) => compiled.flatMap((effect) => effect.keys(scope, request, params)),
    async apply({ scope, records, params, subject }) {
      let outcome: EffectOutcome = { scope, values: subject?.values ?? {}, isChanged: false, enter: null }
      for (const effect of compiled) {
        const next = await effect.apply(outcome, { records, params, subject })
        if (isRefusal(next)) return next
        outcome = next
      }
      return outcome
    },
  }
}
