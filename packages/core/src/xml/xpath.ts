import { library } from '../libraries.ts'
import type { XmlDocument, XmlNode } from './xml-document.ts'

/** What an XPath selects: the texts of nodes, or the one value that it computes. */
export type CompiledXPath = (document: XmlDocument) => readonly unknown[]

interface Parsed {
  readonly expression: unknown
  evaluate(options: object): Selected
}

/** A test of a node's name, as the library has it in its syntax tree. */
interface NameTest {
  readonly prefix: string | null
  readonly localName: string
  matches(node: XmlNode): boolean
}

interface Selected {
  readonly nodes?: readonly XmlNode[] | { toArray(): readonly XmlNode[] }
  toArray?(): readonly XmlNode[]
  stringValue(): string
  booleanValue(): boolean
  numberValue(): number
}

/** Names without a prefix are any namespace's; a prefix is what the document declares it to be. Throws where it is no XPath. */
export function compileXPath(source: string): CompiledXPath {
  const nodesOf = compileXPathNodes(source)
  return (document) => {
    const found = nodesOf(document)
    return 'value' in found ? [found.value] : found.map((node) => node.nodeValue ?? node.textContent ?? '')
  }
}

/** As `compileXPath`, giving the nodes themselves where the expression selects nodes. */
export function compileXPathNodes(
  source: string,
): (document: XmlDocument) => readonly XmlNode[] | { readonly value: string | number | boolean } {
  const { xpath } = library('xml')
  const parsed = (xpath as unknown as { parse(source: string): Parsed }).parse(source)
  matchAnyNamespace(parsed.expression, new Set())
  return (document) => {
    try {
      const namespaces = (prefix: string) => namespaceOf(document, prefix)
      return read(parsed.evaluate({ node: document, namespaces }))
    } catch {
      return []
    }
  }
}

/** The library's own option for this leaves out the elements that are written with a prefix. */
function matchAnyNamespace(part: unknown, seen: Set<unknown>): void {
  if (typeof part !== 'object' || part === null || seen.has(part)) return
  seen.add(part)
  if ('localName' in part && 'prefix' in part && part.prefix === null) {
    const test = part as NameTest
    test.matches = (node) => named.includes(node.nodeType) && (node.localName ?? node.nodeName) === test.localName
  }
  for (const inner of Object.values(part)) matchAnyNamespace(inner, seen)
}

/** Elements and attributes. */
const named: readonly number[] = [1, 2]

function read(result: Selected): readonly XmlNode[] | { readonly value: string | number | boolean } {
  if (typeof result.toArray === 'function') return result.toArray()
  const kind = result.constructor.name
  if (kind === 'XBoolean') return { value: result.booleanValue() }
  if (kind === 'XNumber') return { value: result.numberValue() }
  return { value: result.stringValue() }
}

function namespaceOf(document: XmlDocument, prefix: string): string | undefined {
  const wanted = `xmlns:${prefix}`
  const open: (XmlNode | null)[] = [document.documentElement]
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    if (node === null) continue
    for (let index = 0; index < (node.attributes?.length ?? 0); index++) {
      const attribute = node.attributes?.item(index)
      if (attribute?.nodeName === wanted) return attribute.nodeValue ?? undefined
    }
    open.push(node.nextSibling, node.firstChild)
  }
  return undefined
}
