import type { Moment } from '../handling/moment.ts'
import type { JsonValue } from '../ports/storage.ts'
import { type Renderer, readsOf } from '../rendering/renderer.ts'
import type { Scope } from '../rendering/scope.ts'
import type { TemplateOptions } from '../rendering/template.ts'
import { compileSource } from '../request/value-source.ts'
import type { FlowData, FlowFile } from './flow-data.ts'

/** What `capture` keeps of a request, compiled once. */
export interface Capture {
  /** As in `Renderer`. */
  readonly reads: readonly string[]
  /** What is kept afterwards; what the request does not name stays as it was. */
  after(data: FlowData, scope: Scope, moment: Moment): FlowData
}

export function compileCapture(
  declared: Readonly<Record<string, string>> = {},
  options: TemplateOptions = {},
): Capture {
  const named = Object.entries(declared)
  const bodies = named.filter(([, source]) => source === 'body').map(([name]) => name)
  const values = named
    .filter(([, source]) => source !== 'body')
    .map(([name, source]): readonly [string, Renderer] => [name, compileSource(source, options)])
  const reads = readsOf(values.map(([, read]) => read))
  return {
    reads: bodies.length > 0 ? [...reads, 'request.body'] : reads,
    after(data, scope, { exchange }) {
      if (named.length === 0) return data
      const kept: Record<string, JsonValue> = {}
      for (const [name, read] of values) {
        const value = read(scope)
        if (value !== undefined) kept[name] = value as JsonValue
      }
      const file: FlowFile = { contentType: exchange.header('content-type') ?? '', bytes: exchange.bytes }
      const files = Object.fromEntries(bodies.map((name) => [name, file]))
      return { ...data, values: { ...data.values, ...kept }, files: { ...data.files, ...files } }
    },
  }
}
