import { readTemplate } from '@imnot/schema'
import { keepListed, listPrefixes, listsRead } from '../records/records-read.ts'
import { recordsSources } from '../records/records-view.ts'
import { recordWorkOf } from '../records/work-of.ts'
import { isMapping } from '../rendering/read-member.ts'
import type { FeatureCompiler } from './feature.ts'

/** `records.NAME` in templates and conditions: an endpoint that names one has the list read together with the rest. */
export const recordsFeature: FeatureCompiler = ({ datapoint, endpoint, resources, services }) => {
  if (resources.size === 0) return null
  const own = endpoint.page !== undefined && endpoint.page.of === undefined ? [`records.${datapoint.name}`] : []
  const lists = listsRead(resources, [...recordsNamed(endpoint), ...own])
  if (lists.length === 0) return null
  return {
    lists: (scope, { params }) => listPrefixes(lists, params, scope),
    sources(exchange, situation) {
      const work = recordWorkOf(situation, services.storage, exchange.baseUrl)
      keepListed(lists, exchange.params, work, situation)
      return recordsSources(resources, work, exchange.params)
    },
  }
}

/** What is read of `records` anywhere in a declared value, wherever its templates and conditions stand. */
function recordsNamed(declared: unknown): string[] {
  if (typeof declared === 'string') return recordsIn(declared)
  if (Array.isArray(declared)) return declared.flatMap(recordsNamed)
  if (!isMapping(declared)) return []
  const inner = Object.values(declared).flatMap(recordsNamed)
  const { records } = declared
  if (records === undefined) return inner
  return [
    ...inner,
    ...(isMapping(records) ? Object.keys(records).map((name) => `records.${name.split('.', 1)[0]}`) : []),
  ]
}

function recordsIn(text: string): string[] {
  if (!text.includes('records')) return []
  const read = readTemplate(text, { tags: true })
  return read.ok ? read.template.reads.filter((one) => one === 'records' || one.startsWith('records.')) : []
}
