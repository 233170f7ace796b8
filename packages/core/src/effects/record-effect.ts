import { type DeclaredEffect, recordVerbs } from '@imnot/schema'
import { isRefusal, type Refusal } from '../answers/refusal.ts'
import { DefinitionFault } from '../definition-fault.ts'
import { newContent } from '../records/content.ts'
import { mergeDeep, toContent } from '../records/merge-deep.ts'
import { asId, recordKey } from '../records/record-key.ts'
import { refuseUnknownRecord } from '../records/record-refusals.ts'
import type { RecordState } from '../records/record-state.ts'
import { recordView } from '../records/record-view.ts'
import { type RecordParams, type Resource, scopeParams } from '../records/resource.ts'
import { isMapping } from '../rendering/read-member.ts'
import { isStateless, type Renderer, readsOf } from '../rendering/renderer.ts'
import type { Scope } from '../rendering/scope.ts'
import { compileValue } from '../rendering/value.ts'
import type { Act, Around, Change } from './effect.ts'
import type { EffectContext } from './effects.ts'

/** `create`, `update` and `delete`: a record of any resource of the partner. Null where it is none of these. */
export function compileRecordEffect(declared: DeclaredEffect, { resources, options }: EffectContext): Act | null {
  const verb = recordVerbs.find((one) => declared[one] !== undefined)
  if (verb === undefined) return null
  const resource = resources.get(declared[verb] ?? '')
  if (resource === undefined)
    throw new DefinitionFault(`This partner has no resource "${declared[verb]}".`, declared[verb] ?? '')
  const id = declared.id === undefined ? null : compileValue(declared.id, options)
  const params = declared.params === undefined ? null : compileValue(declared.params, options)
  const record = declared.record === undefined ? null : compileValue(declared.record, options)
  const parts = [id, params, record].filter((part) => part !== null)
  const act = acts[verb]

  function paramsIn(scope: Scope, given: RecordParams): RecordParams {
    const own = params?.(scope)
    return scopeParams(resource as Resource, isMapping(own) ? { ...given, ...own } : given)
  }

  return {
    reads: readsOf([...parts, ...(verb === 'create' && record === null ? [contentReads(resource)] : [])]),
    keys(prefix, request, given) {
      if (id === null || !isStateless(readsOf(params === null ? [id] : [id, params]))) return []
      const found = asId(id(request))
      return found === null ? [] : [recordKey(resource, paramsIn(request, given), found, prefix)]
    },
    async apply(scope, _values, around) {
      const found = { id: id?.(scope) ?? null, params: paramsIn(scope, around.params) }
      const done = await act({ resource, record, scope, ...found }, around)
      if (isRefusal(done)) return done
      const named = declared.as === undefined ? {} : { named: [declared.as, recordView(done)] as const }
      return { changesRecords: true, ...named } satisfies Change
    },
  }
}

interface Wanted {
  readonly resource: Resource
  readonly record: Renderer | null
  readonly scope: Scope
  readonly id: unknown
  readonly params: RecordParams
}

type RecordAct = (wanted: Wanted, around: Around) => Promise<RecordState | Refusal>

const acts: Readonly<Record<(typeof recordVerbs)[number], RecordAct>> = {
  create: ({ resource, record, scope, id, params }, { records }) =>
    records.create(resource, {
      params,
      id: asId(id),
      scope,
      begins: true,
      content: (made) => (record === null ? newContent(resource, scope, made) : toContent(record(scope))),
    }),

  async update({ resource, record, scope, id, params }, { records }) {
    const found = await records.find(resource, params, id)
    if (found === null) return refuseUnknownRecord(resource, id, params)
    return records.update(found, mergeDeep(found.content, toContent(record?.(scope))))
  },

  async delete({ resource, id, params }, { records }) {
    const found = await records.find(resource, params, id)
    if (found === null) return refuseUnknownRecord(resource, id, params)
    records.remove(found)
    return found
  },
}

function contentReads({ content }: Resource): { readonly reads: readonly string[] } {
  return { reads: content?.reads ?? [] }
}
