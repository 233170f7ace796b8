import { Composer, type CST, type Document, Parser } from 'yaml'
import type { TextFault } from './text-fault.ts'
import { explainSyntax } from './yaml-syntax.ts'

const maxDepth = 64
const maxValues = 200_000

/** The YAML tree of a text, or every fault that keeps it from being one. Never throws. */
export function readYaml(source: string): { document?: Document.Parsed; faults: TextFault[] } {
  try {
    const tokens = [...new Parser().parse(source)]
    // Before the tree is composed: the composer recurses, and running out of stack inside V8's regular expressions
    // ends the process (seen with 100,000 opening brackets on Node 20).
    const fault = structureFault(tokens)
    if (fault) return { faults: [fault] }
    return compose(source, tokens)
  } catch (error) {
    const message = `This is not YAML: ${error instanceof Error ? error.message : String(error)}.`
    return { faults: [{ code: 'yaml-syntax', message, offset: 0 }] }
  }
}

function compose(source: string, tokens: CST.Token[]): { document?: Document.Parsed; faults: TextFault[] } {
  // Keys are compared later, in linear time and with the tolerance that bodies have.
  const composer = new Composer({ schema: 'core', prettyErrors: false, uniqueKeys: false, strict: true })
  const [document] = [...composer.compose(tokens, true, source.length)] as Document.Parsed[]
  if (!document) return { faults: [emptyFile(source)] }
  const faults = explainSyntax(source, document)
  if (faults.length > 0) return { faults }
  if (document.contents === null) return { faults: [emptyFile(source)] }
  return { document, faults }
}

function emptyFile(source: string): TextFault {
  const what = source.trim() === '' ? 'an empty file' : 'nothing but comments'
  return { code: 'empty-file', message: `A definition begins with "partner: NAME", found ${what}.`, offset: 0 }
}

function structureFault(tokens: readonly CST.Token[]): TextFault | undefined {
  let values = 0
  let documents = 0
  const open: { token: CST.Token; depth: number }[] = []
  for (const token of tokens) {
    if (token.type === 'document' && ++documents > 1) {
      const message = 'A file holds one definition, found a second YAML document; put it into a file of its own.'
      return { code: 'several-documents', message, offset: token.offset }
    }
    open.push({ token, depth: 0 })
    for (let next = open.pop(); next; next = open.pop()) {
      const { token, depth } = next
      values += 1 + emptyItems(token)
      if (values > maxValues) {
        const message = `A definition may hold at most ${maxValues} values; upload large answers as payloads.`
        return { code: 'too-large', message, offset: token.offset }
      }
      if (depth > maxDepth && 'items' in token) {
        const message = `A definition may be nested at most ${maxDepth} levels deep; this goes deeper.`
        return { code: 'too-deep', message, offset: token.offset }
      }
      pushChildren(token, depth + 1, open)
    }
  }
  return undefined
}

/** `[,,,,` holds no value, but costs an error for each comma. */
function emptyItems(token: CST.Token): number {
  if (token.type !== 'flow-collection') return 0
  return token.items.reduce((count, { start }) => count + start.filter(({ type }) => type === 'comma').length, 0)
}

/** The last one first, so that the first is taken first. */
function pushChildren(token: CST.Token, depth: number, open: { token: CST.Token; depth: number }[]): void {
  if (token.type === 'document') {
    if (token.value) open.push({ token: token.value, depth })
    return
  }
  if (!('items' in token)) return
  for (let index = token.items.length - 1; index >= 0; index--) {
    const { key, value } = token.items[index] ?? {}
    if (value != null) open.push({ token: value, depth })
    if (key != null) open.push({ token: key, depth })
  }
}
