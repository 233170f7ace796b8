import { createHash } from 'node:crypto'

export interface Script {
  readonly source: string
  /** By which Redis knows a script that it has seen before. */
  readonly sha: string
}

export function script(...parts: readonly string[]): Script {
  const source = parts.map((part) => part.trim()).join('\n')
  return { source, sha: createHash('sha1').update(source).digest('hex') }
}
