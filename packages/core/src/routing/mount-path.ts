import type { EngineRequest } from '../http/messages.ts'
import { originOf } from './target.ts'

/**
 * What the host serves imnot below: `''`, or a path that begins with one slash and ends with none. Two slashes before a
 * location would lead to another host.
 */
export function mountPathOf({ mountPath = '' }: EngineRequest): string {
  return mountPath === '' ? '' : mountPath.replace(/^\/*/, '/').replace(/\/+$/, '')
}

/** The URL as it is below a path such as `/mock`, with the path taken off; null where it is not below it. */
export function urlBelow(url: string, path: string): string | null {
  if (path === '') return url
  const start = url.charCodeAt(0) === slash ? 0 : (originOf(url)?.length ?? 0)
  if (!url.startsWith(path, start)) return null
  const rest = url.slice(start + path.length)
  if (rest.charCodeAt(0) === slash) return rest
  return rest === '' || rest.startsWith('?') || rest.startsWith('#') ? `/${rest}` : null
}

const slash = 47
