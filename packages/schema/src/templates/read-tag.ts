import { nearest } from '../nearest.ts'
import { type Expression, type NamedPlace, readExpression, TemplateFault } from './read-expression.ts'

export interface TagReading {
  readonly text: string
  at: number
  /** Blocks that are not closed yet. */
  readonly open: NamedPlace[]
  /** Names that tags define: by `assign`, `capture`, `for`. */
  readonly defined: Set<string>
  readonly expressions: Expression[]
  hasTags: boolean
}

const blocks: readonly string[] = ['if', 'unless', 'case', 'for', 'capture', 'comment', 'raw']
/** Tags that stand only inside these blocks. */
const inside: ReadonlyMap<string, readonly string[]> = new Map([
  ['elsif', ['if', 'unless']],
  ['else', ['if', 'unless', 'case', 'for']],
  ['when', ['case']],
  ['break', ['for']],
  ['continue', ['for']],
])
const single: readonly string[] = ['assign', 'echo', 'increment', 'decrement', 'cycle']
const tagNames = [...blocks, ...inside.keys(), ...single, ...blocks.map((name) => `end${name}`)]

/** Reads one `{% … %}`, which begins at `reading.at`; of `raw` and `comment` also what they enclose. Throws a `TemplateFault`. */
export function readTag(reading: TagReading): void {
  const { text, at: offset } = reading
  reading.hasTags = true
  const head = /^\{%-?\s*([A-Za-z_]\w*)?\s*/.exec(text.slice(offset, offset + 200))
  const name = head?.[1] ?? ''
  const start = offset + (head?.[0].length ?? 2)
  if (!tagNames.includes(name)) throw unknownTag(name, offset)
  checkNesting(reading, name, offset)
  const end = readContent(reading, name, start)
  reading.at = endOfTag(text, end, '%}', offset).at
  if (name === 'raw' || name === 'comment') skipBlock(reading, name, offset)
  else if (blocks.includes(name)) reading.open.push({ name, offset })
}

/** The position after the closing braces, which must come next. */
export function endOfTag(
  text: string,
  from: number,
  close: '}}' | '%}',
  offset: number,
): { readonly at: number; readonly trims: boolean } {
  const rest = /^\s*/.exec(text.slice(from))?.[0].length ?? 0
  const at = from + rest
  if (text.startsWith(close, at)) return { at: at + 2, trims: false }
  if (text.startsWith(`-${close}`, at)) return { at: at + 3, trims: true }
  if (at >= text.length)
    throw new TemplateFault(`is opened with "${text.slice(offset, offset + 2)}" and lacks its "${close}"`, offset)
  throw new TemplateFault(
    `has ${JSON.stringify(text.slice(at, at + 10).split(/\s/, 1)[0])} where "${close}" should stand`,
    at,
  )
}

function unknownTag(name: string, offset: number): TemplateFault {
  const suggestion = nearest(name, tagNames)
  const hint =
    suggestion === undefined ? `; the tags are ${[...blocks, ...single].join(', ')}` : `; did you mean "${suggestion}"?`
  return new TemplateFault(`has the tag "${name}", which there is not${hint}`.replace(/\?$/, ''), offset)
}

function checkNesting(reading: TagReading, name: string, offset: number): void {
  const around = reading.open.at(-1)?.name ?? ''
  const needed = inside.get(name)
  const loops = reading.open.some((block) => block.name === 'for')
  const fits = name === 'break' || name === 'continue' ? loops : needed?.includes(around)
  if (needed !== undefined && !fits) {
    throw new TemplateFault(`has {% ${name} %} outside of {% ${needed[0]} %}`, offset)
  }
  if (!name.startsWith('end')) return
  if (name !== `end${around}`) {
    const what = around === '' ? 'where no block is open' : `where {% end${around} %} should stand`
    throw new TemplateFault(`has {% ${name} %} ${what}`, offset)
  }
  reading.open.pop()
}

/** Reads what stands after the tag's name, as far as it can hold filters and names, and returns where it ends. */
function readContent(reading: TagReading, name: string, start: number): number {
  const { text } = reading
  if (['if', 'elsif', 'unless', 'case', 'echo'].includes(name)) return readInto(reading, start)
  if (name === 'assign') return readInto(reading, define(reading, start, /^([\w-]+)\s*=/, 'assign name = value'))
  if (name === 'for') return readLoop(reading, start)
  if (name === 'when' || name === 'cycle') return readList(reading, start)
  if (name === 'capture' || name === 'increment' || name === 'decrement') {
    return define(reading, start, /^["']?([\w-]+)["']?/, `${name} name`)
  }
  const close = text.indexOf('%}', start)
  if (close === -1) return text.length
  return text.charAt(close - 1) === '-' ? close - 1 : close
}

function readInto(reading: TagReading, start: number): number {
  const expression = readExpression(reading.text, start)
  reading.expressions.push(expression)
  return expression.end
}

function define(reading: TagReading, start: number, pattern: RegExp, form: string): number {
  const found = pattern.exec(reading.text.slice(start, start + 200))
  if (found === null) throw new TemplateFault(`has a tag that is not written as {% ${form} %}`, start)
  reading.defined.add(found[1] ?? '')
  return start + found[0].length
}

function readLoop(reading: TagReading, start: number): number {
  let at = readInto(reading, define(reading, start, /^([\w-]+)\s+in\s/, 'for name in list'))
  for (;;) {
    const option = /^\s*(?:(limit|offset)\s*:|reversed\b)/.exec(reading.text.slice(at, at + 200))
    if (option === null) return at
    at += option[0].length
    if (option[1] !== undefined) at = readInto(reading, at)
  }
}

function readList(reading: TagReading, start: number): number {
  let at = start
  for (;;) {
    at = readInto(reading, at)
    const separator = /^\s*(?:,|:|or\b)/.exec(reading.text.slice(at, at + 200))
    if (separator === null) return at
    at += separator[0].length
  }
}

function skipBlock(reading: TagReading, name: string, offset: number): void {
  const close = new RegExp(`\\{%-?\\s*end${name}\\s*-?%\\}`).exec(reading.text.slice(reading.at))
  if (close === null) throw new TemplateFault(`has {% ${name} %} without its {% end${name} %}`, offset)
  reading.at += close.index + close[0].length
}
