/** A piece of a format: text that stands for itself, a template, or something that is made anew for each id. */
export type IdPart =
  | { readonly literal: string }
  | { readonly template: string }
  | { readonly token: IdToken; readonly length: number }

export type IdToken = keyof typeof tokens

export type ReadIdFormat =
  | { readonly ok: true; readonly parts: readonly IdPart[] }
  /** The end of a sentence that begins with the format. */
  | { readonly ok: false; readonly problem: string }

/** What may stand in braces; `length` says whether a number of characters has to follow, as in `{hex:32}`. */
const tokens = {
  seq: { length: 'optional' },
  hex: { length: 'required' },
  upper: { length: 'required' },
  lower: { length: 'required' },
  digit: { length: 'required' },
  alnum: { length: 'required' },
  ulid: { length: 'none' },
  uuid: { length: 'none' },
} as const

/** Words that stand for a whole format. */
const words: Readonly<Record<string, readonly IdPart[]>> = {
  uuid: [{ token: 'uuid', length: 0 }],
  ulid: [{ token: 'ulid', length: 0 }],
  sequence: [{ token: 'seq', length: 1 }],
}

const longest = 64

/** Reads `uuid`, `ulid`, `sequence`, a format such as `RES-{seq:6}`, or a template. Never throws. */
export function readIdFormat(text: string): ReadIdFormat {
  const word = Object.hasOwn(words, text) ? words[text] : undefined
  if (word !== undefined) return { ok: true, parts: word }
  const parts: IdPart[] = []
  for (const [piece] of text.matchAll(/\{\{[\s\S]*?\}\}|\{[^{}]*\}|[^{}]+|[{}]/g)) {
    const read = readPiece(piece)
    if (typeof read === 'string') return { ok: false, problem: read }
    parts.push(read)
  }
  if (parts.every((part) => 'literal' in part)) {
    return { ok: false, problem: `is the same for every id; write ${wordList}, or a format such as RES-{seq:6}` }
  }
  return { ok: true, parts }
}

/** Whether the id is the same number in JSON as it is in text. */
export function isNumericFormat(text: string): boolean {
  return text === 'sequence'
}

const wordList = Object.keys(words).join(', ')

function readPiece(piece: string): IdPart | string {
  if (piece.startsWith('{{')) return { template: piece }
  if (piece === '{' || piece === '}') return `has a "${piece}" without its counterpart`
  if (!piece.startsWith('{')) return { literal: piece }
  const [, name = '', digits] = /^\{([a-z]+)(?::(\d{1,3}))?\}$/.exec(piece) ?? []
  if (!Object.hasOwn(tokens, name)) {
    return `has ${piece} in it; a format knows {seq:6}, {hex:32}, {upper:4}, {lower:4}, {digit:4}, {alnum:12}, {ulid} and {uuid}`
  }
  const { length } = tokens[name as IdToken]
  const count = digits === undefined ? 1 : Number(digits)
  if (digits === undefined && length === 'required') return `has ${piece} without its length; write {${name}:8}`
  if (digits !== undefined && length === 'none') return `has ${piece}, whose length is always the same; write {${name}}`
  if (count < 1 || count > longest) return `has ${piece}; a length is a whole number from 1 to ${longest}`
  return { token: name as IdToken, length: count }
}
