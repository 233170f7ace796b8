import type { XmlDocument, XmlNode } from './xml-document.ts'

const deepest = 100
const element = 1
const texts: readonly number[] = [3, 4]

/**
 * XML as data, by local names: an element with elements or attributes is a mapping, one of text alone is text, several of one
 * name are a list; attributes are `@name`, text beside them is `#text`.
 */
export function xmlToData(document: XmlDocument | null): unknown {
  const root = document?.documentElement
  if (root === null || root === undefined) return undefined
  const data: Record<string, unknown> = Object.create(null)
  data[nameOf(root)] = toData(root, 0)
  return data
}

function toData(node: XmlNode, depth: number): unknown {
  const data: Record<string, unknown> = Object.create(null)
  let text = ''
  for (const attribute of attributesOf(node)) data[`@${nameOf(attribute)}`] = attribute.nodeValue ?? ''
  for (let child = node.firstChild; child !== null; child = child.nextSibling) {
    if (texts.includes(child.nodeType)) text += child.nodeValue ?? ''
    if (child.nodeType === element && depth < deepest) add(data, nameOf(child), toData(child, depth + 1))
  }
  if (Object.keys(data).length === 0) return text
  if (text.trim() !== '') data['#text'] = text.trim()
  return data
}

function attributesOf({ attributes }: XmlNode): XmlNode[] {
  const all = Array.from({ length: attributes?.length ?? 0 }, (_, index) => attributes?.item(index))
  return all.filter((one): one is XmlNode => one != null && !/^xmlns(:|$)/.test(one.nodeName))
}

function nameOf(node: XmlNode): string {
  return node.localName ?? node.nodeName
}

function add(data: Record<string, unknown>, name: string, value: unknown): void {
  const earlier = data[name]
  if (earlier === undefined) data[name] = value
  else if (Array.isArray(earlier)) earlier.push(value)
  else data[name] = [earlier, value]
}
