import { library } from '../libraries.ts'
import type { XmlDocument } from './xml-document.ts'

/** Null where the text is not well-formed XML, or has a document type: entities are read by nobody here. Needs the library `xml`. */
export function readXml(text: string): XmlDocument | null {
  if (/<!(DOCTYPE|ENTITY)/i.test(text)) return null
  const { DOMParser } = library('xml').xmldom
  const refuse = (_level: string, message: string) => {
    // A replacement character (U+FFFD) is a character of XML as any other; the library suspects a wrong encoding.
    if (!/replacement character/.test(message)) throw new Error('not well-formed')
  }
  try {
    const parser = new DOMParser({ onError: refuse })
    return parser.parseFromString(text.replace(/^\uFEFF/, ''), 'application/xml') as unknown as XmlDocument
  } catch {
    return null
  }
}
