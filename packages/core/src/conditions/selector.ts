import { DefinitionFault } from '../definition-fault.ts'
import { isLibraryNeeded, library } from '../libraries.ts'
import { isHeaderView, isMapping, readMember, readPath } from '../rendering/read-member.ts'
import { documentOf, type RequestView } from '../request/request-view.ts'
import { compileXPath } from '../xml/xpath.ts'

/** All that a selector finds in a value; empty where it finds nothing. */
export type Selector = (value: unknown, request: RequestView | undefined) => readonly unknown[]

/** Whether the text is an XPath, which only a body has. */
export function isXPath(selector: string): boolean {
  return (
    selector.startsWith('/') || /^(count|string|boolean|number|local-name|name|concat|contains|not)\(/.test(selector)
  )
}

/** A dotted name, a JSONPath that begins with `$`, or an XPath that begins with `/`. */
export function compileSelector(source: string): Selector {
  if (source.startsWith('$')) return compileJsonPath(source)
  if (isXPath(source)) return compileXPathSelector(source)
  const names = source.split('.')
  return (value) => {
    // A header, or a field whose name has a dot in it.
    const whole = readMember(value, source)
    if (whole !== undefined || names.length === 1 || isHeaderView(value)) return several(whole)
    return several(readPath(value, names))
  }
}

const simplePath = /^\$(\.[A-Za-z_][\w-]*|\[\d+\]|\['[^'\\]*'\]|\["[^"\\]*"\])*$/
const step = /\.([A-Za-z_][\w-]*)|\[(\d+)\]|\['([^'\\]*)'\]|\["([^"\\]*)"\]/g

function compileJsonPath(source: string): Selector {
  if (simplePath.test(source)) {
    const path = [...source.matchAll(step)].map(([, name, index, quoted, double]) =>
      index === undefined ? (name ?? quoted ?? double ?? '') : Number(index),
    )
    return (value) => {
      const found = readData(value, path)
      return found === undefined ? [] : [found]
    }
  }
  const { jsonpath } = library('jsonpath')
  const query = tryCompile(source, 'JSONPath', () => jsonpath.compile(source))
  return (value) => {
    if (typeof value !== 'object' || value === null) return []
    try {
      return query.query(value as never).values()
    } catch {
      return []
    }
  }
}

/** As JSONPath reads: members of mappings and items of lists, and nothing that Liquid adds. */
function readData(value: unknown, path: readonly (string | number)[]): unknown {
  let current = value
  for (const name of path) {
    if (typeof name === 'number' ? !Array.isArray(current) : !isMapping(current)) return undefined
    current = readMember(current, name)
  }
  return current
}

function compileXPathSelector(source: string): Selector {
  const xpath = tryCompile(source, 'XPath', () => compileXPath(source))
  return (_value, request) => {
    const document = request === undefined ? null : documentOf(request)
    return document === null ? [] : xpath(document)
  }
}

function tryCompile<T>(source: string, language: string, compile: () => T): T {
  try {
    return compile()
  } catch (error) {
    if (isLibraryNeeded(error)) throw error
    const reason = error instanceof Error ? error.message : String(error)
    throw new DefinitionFault(`${JSON.stringify(source)} is no ${language}: ${reason.replace(/\.$/, '')}.`, source)
  }
}

function several(value: unknown): readonly unknown[] {
  return value === undefined ? [] : [value]
}
