import type { TextFault } from './text-fault.ts'

const maxBytes = 1024 * 1024

/** The text of a definition without its byte order mark, or the fault that keeps it from being read. */
export function decodeText(input: string | Uint8Array): { source: string; fault?: TextFault } {
  if (input.length > maxBytes) {
    return { source: '', fault: { code: 'too-large', message: tooLarge(input.length), offset: 0 } }
  }
  const decoded = typeof input === 'string' ? { source: input } : decodeBytes(input)
  if (decoded.fault) return decoded
  const source = decoded.source.replace(/^\uFEFF/, '')
  const fault = controlCharacter(source)
  return fault ? { source, fault } : { source }
}

function decodeBytes(bytes: Uint8Array): { source: string; fault?: TextFault } {
  try {
    return { source: new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes) }
  } catch {
    const [first, second] = bytes
    if ((first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff)) {
      const message = 'A definition must be encoded in UTF-8, found UTF-16; save the file as UTF-8.'
      return { source: '', fault: { code: 'bad-encoding', message, offset: 0 } }
    }
    const source = new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes)
    const message = 'A definition must be encoded in UTF-8, found a byte that is not; save the file as UTF-8.'
    // The mark of an undecodable byte may also stand in the text rightly, but hardly before the first bad byte.
    return { source, fault: { code: 'bad-encoding', message, offset: Math.max(0, source.indexOf('\uFFFD')) } }
  }
}

function controlCharacter(source: string): TextFault | undefined {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: YAML 1.2, 5.1 allows none of these.
  const offset = source.search(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]/)
  if (offset < 0) return undefined
  const code = source.charCodeAt(offset).toString(16).toUpperCase().padStart(4, '0')
  const message = `A definition is text, found the control character U+${code}; remove it, or write it as an escape in double quotes.`
  return { code: 'control-character', message, offset }
}

function tooLarge(length: number): string {
  return `A definition may have at most 1 MiB, found ${(length / maxBytes).toFixed(1)} MiB; upload large answers as payloads.`
}
