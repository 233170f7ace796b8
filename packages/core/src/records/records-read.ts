import type { Situation } from '../handling/situation.ts'
import { membersRead } from '../rendering/renderer.ts'
import { recordPrefix } from './record-key.ts'
import type { RecordWork } from './record-work.ts'
import { type RecordParams, type Resource, type Resources, scopeParams } from './resource.ts'

/** The resources whose lists are read: those of `records.NAME`, and all of them where `records` is read as a whole. */
export function listsRead(resources: Resources, reads: readonly string[]): Resource[] {
  if (reads.includes('records')) return [...resources.values()]
  const names = new Set(membersRead(reads, 'records'))
  return [...resources.values()].filter(({ name }) => names.has(name))
}

/** What is to be read so that these lists are there. */
export function listPrefixes(lists: readonly Resource[], params: RecordParams, scope: string): string[] {
  return lists.map((resource) => recordPrefix(resource, scopeParams(resource, params), scope))
}

/** Those that were read with the rest. */
export function keepListed(
  lists: readonly Resource[],
  params: RecordParams,
  work: RecordWork,
  { scope, listed }: Situation,
): void {
  for (const resource of lists) {
    const own = scopeParams(resource, params)
    work.keepListed(resource, own, listed(recordPrefix(resource, own, scope)))
  }
}

export async function loadLists(lists: readonly Resource[], params: RecordParams, work: RecordWork): Promise<void> {
  for (const resource of lists) await work.load(resource, scopeParams(resource, params))
}
