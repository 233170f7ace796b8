import type { DeclaredEffect } from '@imnot/schema'
import { isRefusal, type Refusal } from '../answers/refusal.ts'
import { compileCondition } from '../conditions/condition.ts'
import { recordsSources } from '../records/records-view.ts'
import type { RecordContent } from '../records/resource.ts'
import { readsOf } from '../rendering/renderer.ts'
import { extendScope, type Scope, withLocals } from '../rendering/scope.ts'
import { compileValue, loopScopes } from '../rendering/value.ts'
import type { EffectContext, EffectOccasion, EffectOutcome, Effects } from './effects.ts'
import { compileRecordEffect } from './record-effect.ts'
import { compileSubjectEffect } from './subject-effect.ts'

export type Around = Omit<EffectOccasion, 'scope'>

/** One entry of a list of effects. */
export interface Effect extends Pick<Effects, 'reads' | 'keys'> {
  apply(before: EffectOutcome, around: Around): Promise<EffectOutcome | Refusal>
}

/** What an effect does in one turn of its loop, and what has changed by it. */
export interface Act extends Pick<Effects, 'reads' | 'keys'> {
  apply(scope: Scope, values: RecordContent, around: Around): Change | Refusal | Promise<Change | Refusal>
}

export interface Change {
  /** Of the subject. */
  readonly values?: RecordContent
  readonly enter?: string
  /** A record that gets a name. */
  readonly named?: readonly [name: string, record: object]
  readonly changesRecords?: boolean
}

export function compileEffect(declared: DeclaredEffect, context: EffectContext): Effect {
  const { for_each: name } = declared
  const list = name === undefined ? null : compileValue(declared.in, context.options)
  const when = declared.when === undefined ? null : compileCondition(declared.when, context.options)
  const act = compileRecordEffect(declared, context) ?? compileSubjectEffect(declared, context)

  /** The loop's own variables for each turn. */
  function turns(scope: Scope): readonly Readonly<Record<string, unknown>>[] {
    if (name === undefined || list === null) return when === null || when(scope) ? [{}] : []
    return loopScopes(scope, name, list(scope), when).map(({ locals }) => ({
      [name]: locals?.[name],
      forloop: locals?.forloop,
    }))
  }

  function after(outcome: EffectOutcome, change: Change, { records, params, subject }: Around): EffectOutcome {
    const values = change.values ?? outcome.values
    const sources = {
      ...(change.values !== undefined && subject?.sources(values)),
      ...(change.changesRecords === true && recordsSources(context.resources, records, params)),
    }
    const scope = Object.keys(sources).length === 0 ? outcome.scope : extendScope(outcome.scope, sources)
    const { named } = change
    return {
      scope: named === undefined ? scope : withLocals(scope, { [named[0]]: named[1] }),
      values,
      isChanged: outcome.isChanged || change.values !== undefined,
      enter: change.enter ?? outcome.enter,
    }
  }

  return {
    reads: readsOf([act, ...(list === null ? [] : [list]), ...(when === null ? [] : [when])]),
    keys: name === undefined ? act.keys : () => [],
    async apply(before, around) {
      let outcome = before
      for (const turn of turns(before.scope)) {
        const scope = name === undefined ? outcome.scope : withLocals(outcome.scope, turn)
        const change = await act.apply(scope, outcome.values, around)
        if (isRefusal(change)) return change
        outcome = after(outcome, change, around)
      }
      return outcome
    },
  }
}
