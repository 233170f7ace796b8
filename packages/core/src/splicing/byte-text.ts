import { Buffer } from 'node:buffer'

/** Bytes as text in which each character's place in the bytes is known. */
export interface ByteText {
  /** What structure is made of reads as it is; the rest may have to be decoded. */
  readonly text: string
  /** Where in the bytes the character at this index begins. */
  byteAt(index: number): number
  /** What really stands between two indices. */
  decode(from: number, to: number): string
  encode(text: string): Uint8Array
  /** Whether only ASCII can be written with certainty. */
  readonly isAsciiOnly: boolean
}

/** Encodings in which every byte is a character; the first 128 are ASCII. */
const singleByte = /^(windows-|iso-8859-|koi8-|macintosh|ibm866|x-mac-)/

/** By the byte order mark, else by the charset, else as UTF-8. Null for an encoding whose characters have no places of their own. */
export function readByteText(bytes: Uint8Array, charset: string | null): ByteText | null {
  const { encoding, skip } = encodingOf(bytes, charset)
  if (encoding.startsWith('utf-16')) return wideText(bytes, encoding, skip)
  if (encoding !== 'utf-8' && !singleByte.test(encoding)) return null
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  return {
    // One character for each byte: what structure is made of is ASCII in all of these.
    text: buffer.toString('latin1', skip),
    byteAt: (index) => skip + index,
    decode: (from, to) => new TextDecoder(encoding, { ignoreBOM: true }).decode(bytes.subarray(skip + from, skip + to)),
    encode: (text) => Buffer.from(text, 'utf8'),
    isAsciiOnly: encoding !== 'utf-8',
  }
}

function wideText(bytes: Uint8Array, encoding: string, skip: number): ByteText {
  const text = new TextDecoder(encoding, { ignoreBOM: true }).decode(bytes.subarray(skip))
  return {
    text,
    byteAt: (index) => skip + 2 * index,
    decode: (from, to) => text.slice(from, to),
    encode(written) {
      const encoded = Buffer.from(written, 'utf16le')
      return encoding === 'utf-16be' ? encoded.swap16() : encoded
    },
    isAsciiOnly: false,
  }
}

function encodingOf(bytes: Uint8Array, charset: string | null): { encoding: string; skip: number } {
  const [one, two, three] = bytes
  if (one === 0xef && two === 0xbb && three === 0xbf) return { encoding: 'utf-8', skip: 3 }
  if (one === 0xff && two === 0xfe) return { encoding: 'utf-16le', skip: 2 }
  if (one === 0xfe && two === 0xff) return { encoding: 'utf-16be', skip: 2 }
  try {
    return { encoding: new TextDecoder(charset ?? 'utf-8').encoding, skip: 0 }
  } catch {
    return { encoding: 'utf-8', skip: 0 }
  }
}
