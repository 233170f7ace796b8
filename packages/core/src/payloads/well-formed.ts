import { charsetOf, decodeText, isFormType, isJsonType, isXmlType } from '../http/media-type.ts'

/** What an upload is, or why it is not what it says. */
export type Inspected = { readonly ok: true; readonly contentType: string } | { readonly ok: false; readonly detail: string }

/**
 * Finds the media type of an upload, and whether JSON and XML are well formed, so that a truncated paste is noticed. Works
 * on a copy as text; the bytes are not touched. Without a useful media type (curl's default is the form's) the content decides.
 */
export async function inspectUpload(bytes: Uint8Array, contentType: string | null): Promise<Inspected> {
  if (isJsonType(contentType)) return checkJson(bytes, contentType ?? '')
  if (isXmlType(contentType)) return checkXml(bytes, contentType ?? '')
  if (contentType !== null && !isFormType(contentType)) return { ok: true, contentType }
  const first = firstCharacter(bytes)
  if (first === '{' || first === '[') return checkJson(bytes, 'application/json')
  if (first === '<') return checkXml(bytes, 'application/xml')
  return { ok: true, contentType: 'application/octet-stream' }
}

const remedy = 'Correct it, or send it as it is with ?verbatim=true.'

async function checkJson(bytes: Uint8Array, contentType: string): Promise<Inspected> {
  const text = readText(bytes, charsetOf(contentType))
  if (text === null) return refuseEncoding('JSON')
  try {
    JSON.parse(text)
    return { ok: true, contentType }
  } catch {
    return { ok: false, detail: `The payload is not well-formed JSON: ${await explainJson(text)}. ${remedy}` }
  }
}

/** Node's own messages name no line, and for an early end not even a place. */
async function explainJson(text: string): Promise<string> {
  const { visit, printParseErrorCode } = await import('jsonc-parser')
  let found: string | undefined
  visit(
    text,
    {
      onError(error, _offset, _length, line, column) {
        found ??= `${spoken(printParseErrorCode(error))} at line ${line + 1}, column ${column + 1}`
      },
    },
    { disallowComments: true, allowTrailingComma: false, allowEmptyContent: false },
  )
  return found ?? 'it ends too early or has a character that JSON does not know'
}

/** `CommaExpected` as words. */
function spoken(code: string): string {
  return code.replaceAll(/([a-z])([A-Z])/g, '$1 $2').toLowerCase()
}

async function checkXml(bytes: Uint8Array, contentType: string): Promise<Inspected> {
  const text = readText(bytes, charsetOf(contentType) ?? declaredEncoding(bytes))
  if (text === null) return refuseEncoding('XML')
  const { XMLValidator } = await import('fast-xml-parser')
  const result = XMLValidator.validate(text)
  if (result === true) return { ok: true, contentType }
  const { msg, line, col } = result.err
  const place = `line ${line ?? 1}, column ${col ?? 1}`
  return { ok: false, detail: `The payload is not well-formed XML: ${msg.replace(/\.$/, '')} at ${place}. ${remedy}` }
}

function refuseEncoding(kind: string): Inspected {
  return { ok: false, detail: `The payload is declared as ${kind} and is not text in its encoding. ${remedy}` }
}

/** XML names its encoding in the declaration at its beginning, which is ASCII in every encoding that has no mark. */
function declaredEncoding(bytes: Uint8Array): string | null {
  const head = new TextDecoder('latin1').decode(bytes.subarray(0, 200))
  return /^<\?xml[^>]*\sencoding\s*=\s*["']([^"']+)["']/.exec(head)?.[1] ?? null
}

function readText(bytes: Uint8Array, charset: string | null): string | null {
  try {
    return decodeText(bytes, charset)
  } catch {
    return null
  }
}

function firstCharacter(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes.subarray(0, 1024)).trimStart().slice(0, 1)
}
