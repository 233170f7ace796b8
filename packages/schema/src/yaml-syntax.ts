import { type Document, isCollection, isScalar, visit, type YAMLParseError, type YAMLWarning } from 'yaml'
import type { TextFault } from './text-fault.ts'
import { findSyntaxTrap } from './yaml-traps.ts'

type YamlFault = YAMLParseError | YAMLWarning

const maxErrors = 100

/**
 * Says what is wrong with the syntax in words of this language. After a token in an unexpected place the parser has lost
 * the structure, so that what it reports later would only confuse.
 */
export function explainSyntax(source: string, document: Document.Parsed): TextFault[] {
  const errors = [...document.errors, ...document.warnings].sort((one, other) => one.pos[0] - other.pos[0])
  const faults: TextFault[] = []
  for (const error of errors.slice(0, maxErrors)) {
    faults.push(findSyntaxTrap(source, error) ?? explain(source, document, error))
    if (error.code === 'UNEXPECTED_TOKEN') break
  }
  return onePerLine(source, faults)
}

function explain(source: string, document: Document.Parsed, error: YamlFault): TextFault {
  const offset = skipSpaces(source, error.pos[0])
  const { message } = error
  switch (error.code) {
    case 'TAB_AS_INDENT':
      return fault('yaml-tab', offset, 'YAML is indented with spaces, found a tab; replace it by spaces.')
    case 'BLOCK_AS_IMPLICIT_KEY':
      return fault('yaml-indent', offset, valueAndMapping)
    case 'BAD_INDENT':
      return message.startsWith('Flow')
        ? unclosedBracket(source, document, offset)
        : fault('yaml-indent', offset, unlike)
    case 'MISSING_CHAR':
      if (message.includes('quote')) return unclosedQuote(document, offset)
      if (message.includes('end with')) return unclosedBracket(source, document, offset)
      return message.includes('- indicator') ? fault('yaml-indent', offset, unlike) : unexplained(message, offset)
    case 'BAD_SCALAR_START': {
      const begin = JSON.stringify(source.slice(offset, offset + 1))
      return fault('yaml-quote', offset, `Text that begins with ${begin} must be quoted; write it in "double quotes".`)
    }
    case 'BAD_DQ_ESCAPE': {
      const written = source.slice(offset, offset + 2)
      const remedy = `double the backslash, or use 'single quotes'`
      return fault('yaml-escape', offset, `In double quotes ${written} means nothing; ${remedy}.`)
    }
    case 'TAG_RESOLVE_FAILED': {
      const tag = source.slice(...error.pos)
      return fault('yaml-tag', offset, `The tag ${JSON.stringify(tag)} has no meaning in a definition; leave it out.`)
    }
    default:
      return unexplained(message, offset)
  }
}

const unlike = 'This line is indented unlike the lines that it belongs to; give them the same indentation.'
const valueAndMapping =
  'A value stands on this line and a mapping begins in it; put a value that contains ": " in quotes, and give the lines of one mapping the same indentation.'

function fault(code: string, offset: number, message: string): TextFault {
  return { code, message, offset }
}

function unexplained(message: string, offset: number): TextFault {
  const text = message.charAt(0).toLowerCase() + message.slice(1).replace(/\.$/, '')
  return fault('yaml-syntax', offset, `This is not valid YAML: ${text}.`)
}

// The parser notices where the text ends, far from the quote or bracket that a person has to look at.
function unclosedQuote(document: Document.Parsed, end: number): TextFault {
  let opening = end
  visit(document, (_key, node) => {
    if (isScalar(node) && node.type?.startsWith('QUOTE') && node.range && node.range[0] < end) opening = node.range[0]
  })
  return fault('yaml-unclosed', opening, 'A quoted text is not closed; add the closing quote.')
}

function unclosedBracket(source: string, document: Document.Parsed, end: number): TextFault {
  let opening = end
  visit(document, (_key, node) => {
    if (!isCollection(node) || !node.flow || !node.range || node.range[0] >= end) return
    if (!/[\]}]/.test(source.charAt(node.range[1] - 1))) opening = node.range[0]
  })
  return fault(
    'yaml-unclosed',
    opening,
    'A list or mapping is opened with a bracket and not closed; add the closing one.',
  )
}

function skipSpaces(source: string, offset: number): number {
  const rest = /^ *(?=\S)/.exec(source.slice(offset, offset + 200))
  return offset + (rest?.[0].length ?? 0)
}

function onePerLine(source: string, faults: readonly TextFault[]): TextFault[] {
  const kept: TextFault[] = []
  for (const next of faults) {
    const last = kept.at(-1)
    if (!last || source.slice(last.offset, next.offset).includes('\n')) kept.push(next)
  }
  return kept
}
