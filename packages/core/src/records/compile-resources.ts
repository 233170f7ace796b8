import {
  type DatapointDefinition,
  findPattern,
  type PartnerDefinition,
  type ResourceDatapoint,
  resourceScope,
} from '@imnot/schema'
import type { ReadFile } from '../files/read-file.ts'
import { compileId } from '../ids/compile-id.ts'
import { readPath } from '../rendering/read-member.ts'
import type { Scope } from '../rendering/scope.ts'
import { compileValue } from '../rendering/value.ts'
import { initialRecords } from './initial-records.ts'
import type { RecordIds, Resource, Resources } from './resource.ts'

/** The resources of a partner. What a resource has in common for all its endpoints, and for effects, is compiled here, once. */
export function compileResources({ partner, datapoints }: PartnerDefinition, readFile: ReadFile): Resources {
  const resources = datapoints.filter(isResource)
  return new Map(resources.map((datapoint) => [datapoint.name, compileResource(partner, datapoint, readFile)]))
}

function isResource(datapoint: DatapointDefinition): datapoint is ResourceDatapoint {
  return findPattern(datapoint.pattern)?.subject === 'record'
}

function compileResource(partner: string, datapoint: ResourceDatapoint, readFile: ReadFile): Resource {
  const { name, scope, endpoints, path, id, record, hidden, unique } = datapoint
  const resource: Omit<Resource, 'initial'> = {
    partner,
    name,
    scopeNames: scope ?? resourceScope(endpoints, path),
    ids: compileIds(id),
    content: record === undefined ? null : compileValue(record),
    sent: record === undefined ? null : compileSent(record),
    showsId: typeof id === 'string' || !id.from.startsWith('body.') || id.from === 'body.id',
    hasStates: datapoint.states !== undefined,
    hidden,
    unique,
  }
  const { records, records_file: file } = datapoint
  return { ...resource, initial: initialRecords(resource, records, file, readFile) }
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

function compileSent(record: Readonly<Record<string, unknown>>): Resource['sent'] {
  const members = Object.entries(record).filter(([, value]) =>
    compileValue(value).reads.some((read) => read === 'request' || read.startsWith('request.')),
  )
  return { names: members.map(([name]) => name), content: compileValue(Object.fromEntries(members)) }
}
