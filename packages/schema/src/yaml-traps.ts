import { isMap, isScalar, type Node, type Pair } from 'yaml'
import type { TextFault } from './text-fault.ts'

/** YAML that parses into something nobody meant, or fails with words that do not help: each has an answer of its own. */

interface SyntaxError {
  pos: [number, number]
}

/** What a syntax error really is, where it comes from braces without quotes. */
export function findSyntaxTrap(source: string, { pos }: SyntaxError): TextFault | undefined {
  const start = source.lastIndexOf('\n', pos[0] - 1) + 1
  const before = source.slice(start, pos[0])
  const line = source.slice(start).split(/\r?\n/, 1)[0] ?? ''
  const template = /(?<=^|[\s:[{,-])\{[{%]/.exec(line)
  if (template && !before.includes('#') && !/["']/.test(line.slice(0, template.index))) {
    return {
      code: 'unquoted-template',
      message: templateMessage(line.slice(template.index)),
      offset: start + template.index,
    }
  }
  if (source[pos[0]] === '{' && /[^\s,:[{]$/.test(before)) return bracesInFlow(source, start, before)
  const braces = /(?<=:\s+|-\s+)\{[^{}"']*\}(?=\S)/.exec(line)
  if (!braces || start + braces.index + braces[0].length !== pos[0]) return undefined
  const text = /^\S+/.exec(line.slice(braces.index))?.[0] ?? braces[0]
  const message = `Text that begins with "{" must be quoted, because YAML takes it for a mapping; write "${text}".`
  return { code: 'unquoted-braces', message, offset: start + braces.index }
}

/** `key: {{ x }}` is, to YAML, a mapping with a mapping as its key. */
export function isUnquotedTemplate(value: unknown): boolean {
  return isMap(value) && value.flow === true && value.items.length === 1 && isMap(value.items[0]?.key)
}

export function unquotedTemplate(source: string, node: Node): TextFault {
  const [start, end] = node.range ?? [0, 0]
  return { code: 'unquoted-template', message: templateMessage(source.slice(start, end)), offset: start }
}

/** A template as a key is not rendered: keys are read once, when the definition is loaded. */
export function isTemplateKey({ key }: Pair): boolean {
  if (isMap(key))
    return key.flow === true && (isUnquotedTemplate(key) || key.items.every(({ value }) => value === null))
  return isScalar(key) && typeof key.value === 'string' && key.value.includes('{{')
}

export function templateInKey(offset: number, beside: boolean): TextFault {
  const message = beside
    ? 'A template cannot be a key, and "<<" beside it merges when the definition is loaded; write the keys out.'
    : 'A template cannot be a key, because keys are fixed when the definition is loaded; put the template into the value.'
  return { code: beside ? 'merge-with-template' : 'template-in-key', message, offset }
}

export function mergedTemplate(offset: number): TextFault {
  const message =
    '"<<" merges mappings when the definition is loaded and cannot merge a template; merge an alias such as *name, or write the keys out.'
  return { code: 'merge-with-template', message, offset }
}

function bracesInFlow(source: string, start: number, before: string): TextFault {
  const begin = start + before.search(/[^\s,:[{]+$/)
  const text = /^[^\s,{}]*(\{[^{}\s]*\}[^\s,{}]*)+/.exec(source.slice(begin))?.[0] ?? source.slice(begin, begin + 20)
  const message = `Text with braces must be quoted between { and }, because YAML takes the "{" for a mapping; write "${text}".`
  return { code: 'unquoted-braces', message, offset: begin }
}

function templateMessage(rest: string): string {
  const text = /^(\{\{[^\n]*?\}\}[^\s,\]}]*|\{%[^\n]*%\}[^\s,\]}]*)/.exec(rest)?.[0] ?? rest.slice(0, 40)
  return `YAML takes an unquoted ${text} for a mapping; quote the whole value, e.g. "${text.replaceAll('"', "'")}".`
}
