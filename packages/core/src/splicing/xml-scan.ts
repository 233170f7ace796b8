/** An element of a document, by its indices in the text. */
export interface ScannedElement {
  readonly nameFrom: number
  readonly nameTo: number
  readonly attributes: readonly ScannedAttribute[]
  /** Between its tags; of an empty tag, from its slash to its end. */
  contentFrom: number
  contentTo: number
  readonly isEmptyTag: boolean
  hasElements: boolean
}

export interface ScannedAttribute {
  readonly nameFrom: number
  readonly nameTo: number
  readonly valueFrom: number
  readonly valueTo: number
}

/** Every element in the order of the document; null where the text is not well formed, or has a document type. */
export function scanXml(text: string): ScannedElement[] | null {
  const elements: ScannedElement[] = []
  const open: ScannedElement[] = []
  for (let at = text.indexOf('<'); at !== -1; at = text.indexOf('<', at)) {
    const skipped = endOfOther(text, at)
    if (skipped === null) return null
    if (skipped !== at) {
      at = skipped
      continue
    }
    if (text[at + 1] === '/') {
      const end = text.indexOf('>', at)
      const element = open.pop()
      if (end === -1 || element === undefined) return null
      element.contentTo = at
      at = end + 1
      continue
    }
    const tag = readTag(text, at)
    if (tag === null) return null
    const around = open.at(-1)
    if (around !== undefined) around.hasElements = true
    elements.push(tag.element)
    if (!tag.element.isEmptyTag) open.push(tag.element)
    at = tag.end
  }
  return open.length === 0 && elements.length > 0 ? elements : null
}

const others = [
  ['<!--', '-->'],
  ['<![CDATA[', ']]>'],
  ['<?', '?>'],
] as const

/** The end of a comment, a CDATA section or an instruction; `at` itself for a tag, null for what cannot be read. */
function endOfOther(text: string, at: number): number | null {
  for (const [begin, end] of others) {
    if (!text.startsWith(begin, at)) continue
    const found = text.indexOf(end, at + begin.length)
    return found === -1 ? null : found + end.length
  }
  return text[at + 1] === '!' ? null : at
}

const nameEnd = /[ \t\r\n/>=]/g
const notSpace = /[^ \t\r\n]/g

function readTag(text: string, at: number): { element: ScannedElement; end: number } | null {
  const nameFrom = at + 1
  const nameTo = next(nameEnd, text, nameFrom)
  const attributes: ScannedAttribute[] = []
  let index = next(notSpace, text, nameTo)
  while (text[index] !== '>' && text[index] !== '/') {
    const attribute = readAttribute(text, index)
    if (attribute === null) return null
    attributes.push(attribute)
    index = next(notSpace, text, attribute.valueTo + 1)
  }
  const isEmptyTag = text[index] === '/'
  const end = isEmptyTag ? index + 2 : index + 1
  if (nameTo === nameFrom || (isEmptyTag && text[index + 1] !== '>')) return null
  const [contentFrom, contentTo] = isEmptyTag ? [index, end] : [end, end]
  return { element: { nameFrom, nameTo, attributes, contentFrom, contentTo, isEmptyTag, hasElements: false }, end }
}

function readAttribute(text: string, nameFrom: number): ScannedAttribute | null {
  const nameTo = next(nameEnd, text, nameFrom)
  const equals = next(notSpace, text, nameTo)
  const quote = next(notSpace, text, equals + 1)
  if (nameTo === nameFrom || text[equals] !== '=' || !/^["']$/.test(text[quote] ?? '')) return null
  const valueTo = text.indexOf(text[quote] ?? '"', quote + 1)
  return valueTo === -1 ? null : { nameFrom, nameTo, valueFrom: quote + 1, valueTo }
}

/** The index of the first match from there on; the end of the text where there is none. */
function next(pattern: RegExp, text: string, from: number): number {
  pattern.lastIndex = from
  return pattern.exec(text)?.index ?? text.length
}
