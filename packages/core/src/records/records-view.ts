import type { ScopeSources } from '../rendering/scope.ts'
import { recordView } from './record-view.ts'
import type { RecordWork } from './record-work.ts'
import { type RecordParams, type Resources, scopeParams } from './resource.ts'

/** `records` of templates and conditions: for each resource the list of its records as they are now, of the request's parameters. */
export function recordsSources(resources: Resources, work: RecordWork, params: RecordParams): ScopeSources {
  return { records: () => viewAll(resources, work, params) }
}

function viewAll(resources: Resources, work: RecordWork, params: RecordParams): object {
  const view = {}
  for (const [name, resource] of resources) {
    let list: readonly object[] | undefined
    const get = () => {
      list ??= work.all(resource, scopeParams(resource, params)).map(recordView)
      return list
    }
    Object.defineProperty(view, name, { get, enumerable: true })
  }
  return view
}
