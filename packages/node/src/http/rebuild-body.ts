/**
 * A body written anew from what a parser of the host made of it: text as text, a form as a form, anything else that is a
 * value as JSON. Null where that would be a guess: XML and multipart have many spellings, and no value was left.
 */
export function rebuildBody(parsed: unknown, contentType: string | null): Uint8Array | null {
  const type = (contentType ?? '').split(';', 1)[0]?.trim().toLowerCase() ?? ''
  if (parsed === undefined) return null
  if (typeof parsed === 'string') return Buffer.from(isJson(type) ? jsonText(parsed) : parsed, charsetOf(contentType))
  if (type === 'application/x-www-form-urlencoded') return Buffer.from(formText(parsed))
  if (type.startsWith('multipart/') || type.endsWith('xml')) return null
  return Buffer.from(JSON.stringify(parsed))
}

function isJson(type: string): boolean {
  return type === 'application/json' || type.endsWith('+json')
}

/** The text of a text parser is JSON as it came; a string that a JSON parser left is a value. */
function jsonText(text: string): string {
  try {
    JSON.parse(text)
    return text
  } catch {
    return JSON.stringify(text)
  }
}

/** Parsers decode by the charset; these are the ones that can be encoded again without a library. */
function charsetOf(contentType: string | null): BufferEncoding {
  const charset = /;\s*charset\s*=\s*"?([^";\s]+)/i.exec(contentType ?? '')?.[1]?.toLowerCase() ?? 'utf-8'
  if (charset === 'iso-8859-1' || charset === 'latin1') return 'latin1'
  return charset === 'utf-16le' ? 'utf16le' : 'utf8'
}

function formText(parsed: unknown): string {
  const pairs = new URLSearchParams()
  appendTo(pairs, '', parsed)
  return pairs.toString()
}

/** Nested values in brackets, as `qs` reads them; a list of plain values as one name many times. */
function appendTo(pairs: URLSearchParams, name: string, value: unknown): void {
  if (Array.isArray(value)) {
    value.forEach((item, index) => {
      appendTo(pairs, isNested(item) ? `${name}[${index}]` : name, item)
    })
  } else if (isNested(value)) {
    for (const [key, member] of Object.entries(value)) appendTo(pairs, name === '' ? key : `${name}[${key}]`, member)
  } else {
    pairs.append(name, String(value ?? ''))
  }
}

function isNested(value: unknown): value is object {
  return typeof value === 'object' && value !== null
}
