import { randomBytes, randomInt, randomUUID } from 'node:crypto'
import type { IdToken } from '@imnot/schema'

/** What one character, or the whole where its length is fixed, adds to what cannot be guessed. */
interface Source {
  readonly bits: (length: number) => number
  readonly make: (length: number, now: number) => string
}

/** How each token but the sequence is made. */
export const randomSources: Readonly<Record<Exclude<IdToken, 'seq'>, Source>> = {
  hex: ofAlphabet('0123456789abcdef'),
  upper: ofAlphabet('ABCDEFGHIJKLMNOPQRSTUVWXYZ'),
  lower: ofAlphabet('abcdefghijklmnopqrstuvwxyz'),
  digit: ofAlphabet('0123456789'),
  alnum: ofAlphabet('0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'),
  uuid: { bits: () => 122, make: () => randomUUID() },
  ulid: { bits: () => 80, make: (_length, now) => ulid(now) },
}

function ofAlphabet(alphabet: string): Source {
  return {
    bits: (length) => length * Math.log2(alphabet.length),
    make: (length) => Array.from({ length }, () => alphabet[randomInt(alphabet.length)]).join(''),
  }
}

/** Crockford's base 32. */
const ulidAlphabet = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'
const latestUlidTime = 2 ** 48 - 1

/** Ten characters of the time in milliseconds, sixteen of chance: sorted by their bytes ids are sorted by their time. */
function ulid(now: number): string {
  let rest = Math.min(Math.max(0, Math.floor(now)), latestUlidTime)
  let time = ''
  for (let place = 0; place < 10; place++) {
    time = ulidAlphabet[rest % 32] + time
    rest = Math.floor(rest / 32)
  }
  return time + [...randomBytes(16)].map((byte) => ulidAlphabet[byte % 32]).join('')
}
