import type { DeclaredEffect } from '@imnot/schema'
import { mergeDeep, toContent } from '../records/merge-deep.ts'
import { compileValue } from '../rendering/value.ts'
import type { Act } from './effect.ts'
import type { EffectContext } from './effects.ts'

/** `set` and `enter`: the flow or the record that the request concerns. */
export function compileSubjectEffect({ set, enter }: DeclaredEffect, { options }: EffectContext): Act {
  const changes = set === undefined ? null : compileValue(set, options)
  return {
    reads: changes?.reads ?? [],
    keys: () => [],
    apply: (scope, values) => ({
      ...(changes !== null && { values: mergeDeep(values, toContent(changes(scope))) }),
      ...(enter !== undefined && { enter }),
    }),
  }
}
