import { toText } from '../rendering/to-text.ts'
import { readXml } from '../xml/read-xml.ts'
import type { XmlDocument, XmlNode } from '../xml/xml-document.ts'
import { compileXPathNodes } from '../xml/xpath.ts'
import type { ByteText } from './byte-text.ts'
import type { FoundPlaces, Place } from './place.ts'
import { type ScannedElement, scanXml } from './xml-scan.ts'

const elementType = 1
const attributeType = 2

type DomNode = XmlNode & { readonly ownerElement?: XmlNode | null; readonly parentNode?: XmlNode | null }

/** The elements and attributes that XPaths select: of an element what stands between its tags, of an attribute its value. */
export function findInXml(document: ByteText, selectors: readonly string[]): FoundPlaces {
  const dom = readXml(document.decode(0, document.text.length))
  const scanned = scanXml(document.text)
  const nodes = dom === null ? [] : elementsOf(dom)
  // Two readers that see different elements would change the wrong bytes.
  if (dom === null || scanned === null || !areSame(nodes, scanned, document))
    return { problem: 'the document is not well-formed XML without a document type', selector: selectors[0] ?? '' }
  const positions = new Map(nodes.map((node, index) => [node, index]))
  const places: Place[][] = []
  for (const selector of selectors) {
    const found = select(selector, dom)
    if (found.length === 0) return { problem: `the document has nothing at ${JSON.stringify(selector)}`, selector }
    const named = found.map((node) => placeOf(node, (owner) => scanned[positions.get(owner) ?? -1], document))
    if (named.includes(null)) {
      const problem = `${JSON.stringify(selector)} selects what is neither an attribute nor an element of text alone`
      return { problem, selector }
    }
    places.push(named as Place[])
  }
  return { places }
}

function select(selector: string, dom: XmlDocument): readonly DomNode[] {
  try {
    const found = compileXPathNodes(selector)(dom)
    return 'value' in found ? [] : found
  } catch {
    return []
  }
}

function placeOf(
  node: DomNode,
  scannedOf: (owner: XmlNode) => ScannedElement | undefined,
  document: ByteText,
): Place | null {
  if (node.nodeType === attributeType) {
    const owner = node.ownerElement ?? null
    const attribute = (owner === null ? undefined : scannedOf(owner))?.attributes.find(
      ({ nameFrom, nameTo }) => document.decode(nameFrom, nameTo) === node.nodeName,
    )
    if (attribute === undefined) return null
    const { valueFrom: from, valueTo: to } = attribute
    return { from, to, write: (value) => escaped(value, document) }
  }
  const element = node.nodeType === elementType ? node : (node.parentNode ?? null)
  const scanned = element === null ? undefined : scannedOf(element)
  if (scanned === undefined || scanned.hasElements) return null
  const { contentFrom: from, contentTo: to, isEmptyTag } = scanned
  const end = isEmptyTag ? `</${document.decode(scanned.nameFrom, scanned.nameTo)}>` : ''
  return { from, to, write: (value) => `${isEmptyTag ? '>' : ''}${escaped(value, document)}${end}` }
}

function elementsOf(dom: XmlDocument): XmlNode[] {
  const found: XmlNode[] = []
  const open: (XmlNode | null)[] = [dom.documentElement]
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    if (node === null) continue
    if (node.nodeType === elementType) found.push(node)
    open.push(node.nextSibling, node.firstChild)
  }
  return found
}

function areSame(nodes: readonly XmlNode[], scanned: readonly ScannedElement[], document: ByteText): boolean {
  return (
    nodes.length === scanned.length &&
    scanned.every(({ nameFrom, nameTo }, index) => document.decode(nameFrom, nameTo) === nodes[index]?.nodeName)
  )
}

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
}

/** For text and for attributes alike. What XML cannot hold is left out. */
function escaped(value: unknown, { isAsciiOnly }: ByteText): string {
  const text = toText(value)
    .replaceAll(/(?![\t\n\r])\p{Cc}|\p{Cs}|[\ufffe\uffff]/gu, '')
    .replaceAll(/[&<>"']/g, (character) => entities[character] ?? character)
    .replaceAll(/[\t\n\r]/g, (character) => `&#${character.charCodeAt(0)};`)
  return isAsciiOnly ? text.replaceAll(/[^ -~]/gu, (character) => `&#${character.codePointAt(0)};`) : text
}
