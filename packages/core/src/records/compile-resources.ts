import { type DatapointDefinition, type PartnerDefinition, type ResourceDatapoint, resourceScope } from '@imnot/schema'
import { compileId } from '../ids/compile-id.ts'
import { keys } from '../keys.ts'
import { readPath } from '../rendering/read-member.ts'
import type { Scope } from '../rendering/scope.ts'
import { compileValue } from '../rendering/value.ts'
import { toContent } from './merge-deep.ts'
import type { InitialRecord, InitialRecords, RecordIds, Resource, Resources } from './resource.ts'
import { scopeParams } from './resource.ts'
import { paramValues } from './unique.ts'

/** The resources of a partner. What a resource has in common for all its endpoints, and for effects, is compiled here, once. */
export function compileResources({ partner, datapoints }: PartnerDefinition): Resources {
  return new Map(
    datapoints.filter(isResource).map((datapoint) => [datapoint.name, compileResource(partner, datapoint)]),
  )
}

function isResource(datapoint: DatapointDefinition): datapoint is ResourceDatapoint {
  return datapoint.pattern === 'resource'
}

function compileResource(partner: string, datapoint: ResourceDatapoint): Resource {
  const { name, scope, endpoints, path, id, record, hidden, unique, records } = datapoint
  const resource: Omit<Resource, 'initial'> = {
    partner,
    name,
    scopeNames: scope ?? resourceScope(endpoints, path),
    ids: compileIds(id),
    content: record === undefined ? null : compileValue(record),
    sent: record === undefined ? null : compileSent(record),
    showsId: typeof id === 'string' || !id.from.startsWith('body.') || id.from === 'body.id',
    hidden,
    unique,
  }
  return { ...resource, initial: initialRecords(resource, records) }
}

function compileIds(id: ResourceDatapoint['id']): RecordIds {
  if (typeof id === 'string') {
    const maker = compileId(id)
    return { reads: maker.reads, chosen: null, maker }
  }
  const [root = '', ...members] = id.from.split('.')
  return {
    reads: [`request.${root}`],
    chosen: ({ request }: Scope) => readPath(request?.[root as 'body'], members),
    maker: null,
  }
}

function initialRecords(resource: Omit<Resource, 'initial'>, records: ResourceDatapoint['records']): InitialRecords {
  const initial = records.map((record, place): readonly [string, InitialRecord] => {
    const { id, ...members } = record
    const params = scopeParams(resource, members)
    const values = paramValues(resource, params)
    const suffix = keys.record('', resource.partner, resource.name, values, String(id))
    return [suffix, { id: id as string | number, params, content: toContent(members), place }]
  })
  return new Map(initial)
}

function compileSent(record: Readonly<Record<string, unknown>>): Resource['sent'] {
  const members = Object.entries(record).filter(([, value]) =>
    compileValue(value).reads.some((read) => read === 'request' || read.startsWith('request.')),
  )
  return { names: members.map(([name]) => name), content: compileValue(Object.fromEntries(members)) }
}
