import { type Expression, type NamedPlace, readExpression, TemplateFault } from './read-expression.ts'
import { endOfTag, readTag, type TagReading } from './read-tag.ts'

/** One `{{ … }}`. */
export interface TemplateOutput extends Expression {
  /** What stands between the braces. */
  readonly source: string
  /** Where the first brace stands in the text. */
  readonly offset: number
}

export type TemplatePart = { readonly literal: string } | { readonly output: TemplateOutput }

/** A text with templates, split once. */
export interface Template {
  readonly parts: readonly TemplatePart[]
  /** Whether it holds `{% %}`; its parts then tell only what it uses, and the whole text is Liquid's. */
  readonly hasTags: boolean
  readonly filters: readonly NamedPlace[]
  /** The first names of what it reads, without those that its own tags define. */
  readonly roots: readonly NamedPlace[]
  /** As in `Expression`, each once. */
  readonly reads: readonly string[]
}

export type ReadTemplate =
  | { readonly ok: true; readonly template: Template }
  /** `problem` is the end of a sentence that begins with the template; `offset` is where in the text it is. */
  | { readonly ok: false; readonly problem: string; readonly offset: number }

/** Whether the text has anything in it that is a template. */
export function hasTemplate(text: string): boolean {
  return text.includes('{{') || text.includes('{%')
}

/** Reads a text with `{{ }}` and, where `tags` are allowed, `{% %}`. Never throws. */
export function readTemplate(text: string, { tags }: { readonly tags: boolean }): ReadTemplate {
  const reading: TagReading = { text, at: 0, open: [], defined: new Set(), expressions: [], hasTags: false }
  const parts: TemplatePart[] = []
  try {
    while (reading.at < text.length) readPart(reading, parts, tags)
    const unclosed = reading.open.at(-1)
    if (unclosed !== undefined) {
      throw new TemplateFault(`has {% ${unclosed.name} %} without its {% end${unclosed.name} %}`, unclosed.offset)
    }
  } catch (fault) {
    if (fault instanceof TemplateFault) return { ok: false, problem: fault.message, offset: fault.offset }
    throw fault
  }
  const { expressions, defined, hasTags } = reading
  const filters = expressions.flatMap((expression) => expression.filters)
  const roots = expressions.flatMap((expression) => expression.roots).filter(({ name }) => !defined.has(name))
  const reads = [...new Set(expressions.flatMap((expression) => expression.reads))]
  return { ok: true, template: { parts, hasTags, filters, roots, reads } }
}

function readPart(reading: TagReading, parts: TemplatePart[], tags: boolean): void {
  const { text, at } = reading
  const opening = tags ? /\{\{|\{%/g : /\{\{/g
  opening.lastIndex = at
  const begin = opening.exec(text)?.index ?? text.length
  if (begin > at) parts.push({ literal: text.slice(at, begin) })
  reading.at = begin
  if (begin === text.length) return
  if (text.startsWith('{%', begin)) readTag(reading)
  else readOutput(reading, parts)
}

function readOutput(reading: TagReading, parts: TemplatePart[]): void {
  const { text, at: offset } = reading
  const trimsLeft = text.charAt(offset + 2) === '-'
  const start = offset + (trimsLeft ? 3 : 2)
  const expression = readExpression(text, start)
  const end = endOfTag(text, expression.end, '}}', offset)
  reading.expressions.push(expression)
  if (trimsLeft) trimLast(parts)
  parts.push({ output: { ...expression, source: text.slice(start, expression.end).trim(), offset } })
  reading.at = end.at
  if (end.trims) reading.at += /^\s*/.exec(text.slice(end.at))?.[0].length ?? 0
}

function trimLast(parts: TemplatePart[]): void {
  const last = parts.pop()
  if (last === undefined) return
  if (!('literal' in last)) parts.push(last)
  else if (last.literal.trimEnd() !== '') parts.push({ literal: last.literal.trimEnd() })
}
