/** The little that imnot uses of a DOM; the library's own types are a browser's. */
export interface XmlNode {
  readonly nodeType: number
  readonly nodeName: string
  readonly localName?: string | null
  readonly nodeValue: string | null
  readonly textContent: string | null
  readonly firstChild: XmlNode | null
  readonly nextSibling: XmlNode | null
  readonly attributes?: { readonly length: number; item(index: number): XmlNode | null } | null
}

export interface XmlDocument extends XmlNode {
  readonly documentElement: XmlNode | null
}
