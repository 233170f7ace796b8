import type { ResourceDatapoint } from '@imnot/schema'
import { compileAnswer } from '../answers/answer.ts'
import { isRefusal, type Refusal } from '../answers/refusal.ts'
import { countAll, renderAnswer } from '../answers/render-answer.ts'
import { compileEffects } from '../effects/effects.ts'
import { idSource } from '../flows/id-source.ts'
import type { Exchange } from '../handling/exchange.ts'
import type { Moment } from '../handling/moment.ts'
import { requestScope } from '../handling/scope-of-request.ts'
import type { EngineResponse } from '../http/messages.ts'
import { etagOf } from '../records/etag.ts'
import { operate } from '../records/operations.ts'
import { recordFlowId } from '../records/record-names.ts'
import { refuseUnknownRecord } from '../records/record-refusals.ts'
import { arriveAtRecord, changesOf, type RecordStand, standRecord } from '../records/record-states.ts'
import type { RecordWork } from '../records/record-work.ts'
import { keepListed, listPrefixes, listsRead } from '../records/records-read.ts'
import { recordsSources } from '../records/records-view.ts'
import { type RecordContent, type Resource, scopeParams } from '../records/resource.ts'
import { viewWithAttempts } from '../records/view-with-attempts.ts'
import { recordWorkOf } from '../records/work-of.ts'
import { readsBody, readsOf } from '../rendering/renderer.ts'
import { extendScope } from '../rendering/scope.ts'
import { behaviourOf, type Plan } from './pattern.ts'

/** Records that requests make, read, change, delete and list. */
export const resourceBehaviour = behaviourOf<ResourceDatapoint>(
  'resource',
  ({ datapoint, endpoint, machine, resources, options, services }) => {
    const { operation = 'action', id_from: idFrom, response } = endpoint
    const resource = resources.get(datapoint.name)
    if (resource === undefined) throw new TypeError(`The resource ${datapoint.name} was not compiled.`)
    const states = machine?.ofRecords ? { ...machine, ofRecords: machine.ofRecords } : null
    const isOfOne = operation !== 'create' && operation !== 'list'
    const list = endpoint.page === undefined ? `records.${datapoint.name}` : 'page.items'
    const source = idSource(idFrom)
    const idOf = isOfOne ? source : () => ''
    const declared = {
      ...response,
      body: response.body ?? defaultBody(operation, response.status, list),
    }
    const answer = compileAnswer(declared, options)
    // A PUT that made the record says so (RFC 9110, 9.3.4), unless another status is declared.
    const madeAnswer = response.status === 200 ? compileAnswer({ ...declared, status: 201 }, options) : answer
    const effects = compileEffects(endpoint.effects ?? [], { resources, options })
    const reads = readsOf([answer, effects, resource.ids, { reads: resource.content?.reads ?? [] }])
    const lists = listsRead(resources, reads)
    const idIn = (exchange: Exchange) => recordFlowId(resource, scopeParams(resource, exchange.params), idOf(exchange))
    // What the answer shows is counted with it.
    const counted = readsOf([effects, ...(operation === 'create' ? [{ reads: resource.content?.reads ?? [] }] : [])])
    const takesBody = operation === 'create' || operation === 'replace' || operation === 'patch'
    const showsTag = !Object.keys(response.headers).some((name) => name.toLowerCase() === 'etag')

    function written(stand: RecordStand | null, work: RecordWork): Pick<Plan, 'flow' | 'operations'> {
      const isGone = operation === 'delete'
      return stand === null || states === null || isGone ? { operations: work.operations() } : changesOf(states, stand)
    }

    async function arrive(moment: Moment): Promise<Moment> {
      const work = recordWorkOf(moment.situation, services.storage, moment.exchange.baseUrl)
      const params = scopeParams(resource as Resource, moment.exchange.params)
      const record = await work.find(resource as Resource, params, idOf(moment.exchange))
      return record === null || states === null ? moment : arriveAtRecord(states, record, work, moment)
    }

    /** A PUT may make the record that is not there. */
    async function refuse({ exchange, situation, arrived }: Moment): Promise<Refusal | null> {
      if (arrived?.refusal !== undefined) return arrived.refusal
      if (operation === 'replace') return null
      const params = scopeParams(resource as Resource, exchange.params)
      const id = idOf(exchange)
      const work = recordWorkOf(situation, services.storage, exchange.baseUrl)
      const record = await work.find(resource as Resource, params, id)
      return record === null ? refuseUnknownRecord(resource as Resource, id, params) : null
    }

    return {
      ...(isOfOne && { refuse }),
      // The id leads to its session, and its requests take their turns.
      ...(isOfOne && { flowId: (exchange) => (idOf(exchange) === '' ? null : idIn(exchange)) }),
      ...(isOfOne && states !== null && operation !== 'delete' && { arrive }),
      readsPayload: states?.readsPayload === true,
      readsBody: takesBody || readsBody([...reads, ...(states?.reads ?? [])]) || readsBody(source.reads),
      keys: (scope, exchange) => effects.keys(scope, requestScope(exchange), exchange.params),
      lists: (scope, exchange) => listPrefixes(lists, exchange.params, scope),
      async plan(moment) {
        const { exchange, situation, arrived } = moment
        if (arrived?.refusal !== undefined) return { answer: arrived.refusal }
        const params = scopeParams(resource, exchange.params)
        await countAll(services.storage, counted, moment)
        const work = recordWorkOf(situation, services.storage, exchange.baseUrl)
        keepListed(lists, exchange.params, work, situation)
        const request = { resource, params, id: idOf(exchange), exchange, scope: moment.scope }
        const operated = await operate[operation](request, work)
        if (!('isNew' in operated)) return { answer: operated }
        const { record, isNew } = operated
        const seen = (content: RecordContent) => ({
          record: () => (record === null ? undefined : viewWithAttempts({ ...record, content }, situation)),
        })
        const now = {
          ...recordsSources(resources, work, exchange.params),
          ...(record !== null && seen(record.content)),
        }
        const scope = extendScope(moment.scope, now)
        const affected = { scope, records: work, params: exchange.params }
        const stood =
          record === null || states === null
            ? null
            : await standRecord(states, record, isNew, { ...moment, scope }, work)
        if (stood !== null && isRefusal(stood)) return { answer: stood }
        const subject =
          record === null ? null : { values: stood?.place.values ?? record.content, sources: stood?.sources ?? seen }
        const done = await effects.apply({ ...affected, scope: stood?.place.scope ?? scope, subject })
        if (isRefusal(done)) return { answer: done }
        const ended = stood === null || record === null ? null : await stood.end(record, done)
        if (ended !== null && isRefusal(ended)) return { answer: ended }
        const settled = ended !== null ? ended.record : record === null ? null : await work.update(record, done.values)
        if (settled !== null && isRefusal(settled)) return { answer: settled }
        if (settled !== null && operation === 'delete') work.remove(settled)
        const before = ended?.stand.place.scope ?? done.scope
        const final = extendScope(before, recordsSources(resources, work, exchange.params))
        const shown = isNew && operation === 'replace' ? madeAnswer : answer
        const rendered = await renderAnswer(services.storage, shown, { ...moment, scope: final })
        const isShown = showsTag && settled !== null && operation !== 'delete' && rendered.status < 300
        return {
          answer: isShown ? withTag(rendered, etagOf(settled)) : rendered,
          scope: final,
          ...(settled !== null && { laneOwner: settled.key }),
          ...(rendered.status >= 400 ? { operations: [] } : written(ended?.stand ?? null, work)),
        }
      },
    }
  },
  { ownsEffects: true },
)

function defaultBody(operation: string, status: number, list: string): string | undefined {
  if (operation === 'delete' || withoutBody.includes(status)) return undefined
  return operation === 'list' ? `{{ ${list} }}` : '{{ record }}'
}

/** RFC 9110, 15.3.5, 15.3.6 and 15.4.5. */
const withoutBody: readonly number[] = [204, 205, 304]

function withTag(response: EngineResponse, tag: string): EngineResponse {
  return { ...response, headers: ['etag', tag, ...response.headers] }
}
