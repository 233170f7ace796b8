import type { RecordState } from './record-state.ts'
import type { RecordContent } from './resource.ts'

/**
 * A record as templates and conditions see it: its id, then what it holds. What is hidden can be read by its name, so that a
 * definition can compare a password, and is left out wherever the whole is shown.
 */
export function recordView({ id, content, resource }: Pick<RecordState, 'id' | 'content' | 'resource'>): object {
  const { id: _given, ...members } = content
  let view: Record<string, unknown> = { id, ...members }
  if (!resource.showsId) view = withHidden(view, ['id'])
  for (const path of resource.hidden) view = withHidden(view, path.split('.'))
  return view
}

function withHidden(members: Readonly<Record<string, unknown>>, [name = '', ...rest]: readonly string[]) {
  const descriptors = Object.getOwnPropertyDescriptors(members)
  const hidden = descriptors[name]
  if (hidden !== undefined) {
    const { value } = hidden
    descriptors[name] =
      rest.length === 0
        ? { ...hidden, enumerable: false }
        : { ...hidden, value: isMapping(value) ? withHidden(value, rest) : value }
  }
  return Object.defineProperties({}, descriptors) as Record<string, unknown>
}

function isMapping(value: unknown): value is RecordContent {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
