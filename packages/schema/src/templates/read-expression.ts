/** A name that an expression reads, or a filter that it calls, with its place in the template's text. */
export interface NamedPlace {
  readonly name: string
  readonly offset: number
}

/** What stands between `{{` and `}}`. */
export interface Expression {
  /** Where the text after the expression begins. */
  readonly end: number
  /** The names of the path, where the expression is nothing but one: `request.body.items[0].sku`. */
  readonly path: readonly (string | number)[] | null
  /** The value, where the expression is nothing but text, a number, true, false or nil. */
  readonly literal: { readonly value: string | number | boolean | null } | null
  /** The first name of every path in it. */
  readonly roots: readonly NamedPlace[]
  readonly filters: readonly NamedPlace[]
  /** What it reads, by its first two names: `request.body`, `counters.invoice`, or `now`. */
  readonly reads: readonly string[]
}

/** Thrown with the place in the template's text and the end of a sentence that begins with the template. */
export class TemplateFault extends Error {
  constructor(
    message: string,
    readonly offset: number,
  ) {
    super(message)
  }
}

const space = /[\s]*/y
const quoted = /"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'/y
const number = /-?\d+(?:\.\d+)?(?![\w-])/y
// A hyphen that closes the template trims the space after it and is no part of a name.
const identifier = /[A-Za-z_\u0080-\uffff](?:[\w\u0080-\uffff]|-(?![%}]\}))*\??/y
const member = /(?:[\w\u0080-\uffff]|-(?![%}]\}))+\??/y
const operator = /==|!=|<>|<=|>=|<|>|(?:and|or|contains|not)\b/y

const words: ReadonlyMap<string, boolean | null> = new Map([
  ['true', true],
  ['false', false],
  ['nil', null],
  ['null', null],
])
const emptyWords: readonly string[] = ['empty', 'blank']

interface Reading {
  readonly text: string
  at: number
  readonly roots: NamedPlace[]
  readonly filters: NamedPlace[]
  readonly reads: string[]
}

interface Operand {
  readonly path: readonly (string | number)[] | null
  readonly literal: Expression['literal']
}

/** Reads values, operators and filters from `start` on, as far as they go. Throws a `TemplateFault`. */
export function readExpression(text: string, start: number): Expression {
  const reading: Reading = { text, at: start, roots: [], filters: [], reads: [] }
  const first = readOperand(reading)
  let alone = true
  while (take(reading, operator) !== null) {
    alone = false
    readOperand(reading)
  }
  while (take(reading, /\|(?!\|)/y) !== null) {
    alone = false
    readFilter(reading)
  }
  skip(reading)
  const { at: end, roots, filters, reads } = reading
  return { end, path: alone ? first.path : null, literal: alone ? first.literal : null, roots, filters, reads }
}

function readOperand(reading: Reading): Operand {
  take(reading, /not\b/y)
  skip(reading)
  const start = reading.at
  const string = take(reading, quoted)
  if (string !== null) {
    const value = unquote(string)
    // Filters of dates take the word for the time.
    if (value === 'now' || value === 'today') reading.reads.push('now')
    return { path: null, literal: { value } }
  }
  const digits = take(reading, number)
  if (digits !== null) return { path: null, literal: { value: Number(digits) } }
  if (take(reading, /\(/y) !== null) return readRange(reading)
  const word = take(reading, identifier)
  if (word === null) {
    const found = peek(reading)
    throw new TemplateFault(
      found === '' ? 'ends where a value should stand' : `has ${JSON.stringify(found)} where a value should stand`,
      start,
    )
  }
  if (words.has(word)) return { path: null, literal: { value: words.get(word) ?? null } }
  if (emptyWords.includes(word)) return { path: null, literal: null }
  reading.roots.push({ name: word, offset: reading.at - word.length })
  return { path: readMembers(reading, word), literal: null }
}

function readRange(reading: Reading): Operand {
  readOperand(reading)
  expect(reading, /\.\./y, '".." between the two ends of a range')
  readOperand(reading)
  expect(reading, /\)/y, 'the ")" of a range')
  return { path: null, literal: null }
}

function readMembers(reading: Reading, root: string): (string | number)[] | null {
  const path: (string | number)[] = [root]
  let isFixed = true
  for (;;) {
    const next = reading.text.charAt(reading.at)
    if (next === '.' && reading.text.charAt(reading.at + 1) !== '.') {
      reading.at += 1
      const name = match(reading, member)
      if (name === null) throw new TemplateFault('has a "." without a name after it', reading.at)
      path.push(name)
    } else if (next === '[') {
      reading.at += 1
      const { path: inner, literal } = readOperand(reading)
      expect(reading, /\]/y, 'the "]" of an index')
      if (inner === null && (typeof literal?.value === 'string' || typeof literal?.value === 'number')) {
        path.push(literal.value)
      } else {
        isFixed = false
      }
    } else break
  }
  reading.reads.push(path.length > 1 ? `${root}.${path[1]}` : root)
  return isFixed ? path : null
}

function readFilter(reading: Reading): void {
  skip(reading)
  const name = take(reading, identifier)
  if (name === null) throw new TemplateFault('has a "|" without the name of a filter after it', reading.at)
  reading.filters.push({ name, offset: reading.at - name.length })
  if (take(reading, /:/y) === null) return
  do {
    take(reading, /[A-Za-z_]\w*\s*:(?!:)/y)
    readOperand(reading)
  } while (take(reading, /,/y) !== null)
}

function expect(reading: Reading, pattern: RegExp, what: string): void {
  if (take(reading, pattern) === null) throw new TemplateFault(`lacks ${what}`, reading.at)
}

/** What the pattern matches here, spaces before it passed over; null where it does not. */
function take(reading: Reading, pattern: RegExp): string | null {
  const start = reading.at
  skip(reading)
  const found = match(reading, pattern)
  if (found === null) reading.at = start
  return found
}

function match(reading: Reading, pattern: RegExp): string | null {
  pattern.lastIndex = reading.at
  const found = pattern.exec(reading.text)
  if (found === null) return null
  reading.at += found[0].length
  return found[0]
}

function skip(reading: Reading): void {
  match(reading, space)
}

function peek({ text, at }: Reading): string {
  const rest = /^\s*(\S{0,10})/.exec(text.slice(at, at + 200))?.[1] ?? ''
  return rest.startsWith('}}') || rest.startsWith('-}}') || rest.startsWith('%}') ? '' : rest
}

const escapes: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t', b: '\b', f: '\f', v: '\v' }

function unquote(source: string): string {
  return source
    .slice(1, -1)
    .replaceAll(/\\(u([0-9a-fA-F]{4})|.)/g, (_all, character: string, code?: string) =>
      code === undefined ? (escapes[character] ?? character) : String.fromCharCode(Number.parseInt(code, 16)),
    )
}
