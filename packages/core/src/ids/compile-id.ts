import { type IdPart, isNumericFormat, readIdFormat } from '@imnot/schema'
import { readsOf } from '../rendering/renderer.ts'
import type { Scope } from '../rendering/scope.ts'
import { compileTemplate } from '../rendering/template.ts'
import { toText } from '../rendering/to-text.ts'
import { randomSources } from './random-text.ts'

/** How ids are made, compiled once: of flows, of records, and of what `generate` makes. */
export interface IdMaker {
  /** As in `Renderer`. */
  readonly reads: readonly string[]
  /** Whether each needs the next number of a sequence. */
  readonly isCounted: boolean
  /** Whether the next one is another: something in it is drawn or counted. Else it may be taken. */
  readonly isDrawn: boolean
  /** Whether it is a number wherever its type shows. */
  readonly isNumber: boolean
  /** Whether nobody can guess it, so that it tells which session it belongs to. */
  readonly isUnguessable: boolean
  /**
   * The id that the client chose, where the request alone tells it; empty where it names none. Null where ids are not chosen
   * by the client. One that is taken is a conflict.
   */
  readonly chosenBy: ((scope: Scope) => string) | null
  /** A new one. Empty where its template finds nothing. */
  make(scope: Scope, given: IdGiven): string
}

export interface IdGiven {
  /** The next number of the sequence; 0 where the id is not counted. */
  readonly number: number
  /** The scope's time, in milliseconds. */
  readonly now: number
}

/** Bits by which an id belongs to its session. */
const unguessableBits = 64

export function compileId(format = 'uuid'): IdMaker {
  const read = readIdFormat(format)
  if (!read.ok) throw new TypeError(`The id ${format} ${read.problem}.`)
  const { parts } = read
  const templates = parts.flatMap((part) => ('template' in part ? [compileTemplate(part.template)] : []))
  const reads = readsOf(templates)
  const makers = parts.map(compilePart)
  const make = (scope: Scope, given: IdGiven) => {
    const pieces = makers.map((maker) => maker(scope, given))
    // Where the client names nothing there is no id, whatever stands around it.
    return pieces.includes('') ? '' : pieces.join('')
  }
  const isMade = parts.some((part) => 'token' in part)
  const isOfRequest = reads.every((name) => name === 'request' || name.startsWith('request.'))
  return {
    reads,
    isCounted: parts.some((part) => 'token' in part && part.token === 'seq'),
    isDrawn: isMade,
    isNumber: isNumericFormat(format),
    isUnguessable: parts.reduce((bits, part) => bits + bitsOf(part), 0) >= unguessableBits,
    chosenBy: isMade || !isOfRequest ? null : (scope) => make(scope, nothingGiven),
    make,
  }
}

const nothingGiven: IdGiven = { number: 0, now: 0 }

function compilePart(part: IdPart): (scope: Scope, given: IdGiven) => string {
  if ('literal' in part) return () => part.literal
  if ('template' in part) {
    const render = compileTemplate(part.template)
    return (scope) => toText(render(scope))
  }
  const { token, length } = part
  if (token === 'seq') return (_scope, { number }) => String(number).padStart(length, '0')
  return (_scope, { now }) => randomSources[token].make(length, now)
}

function bitsOf(part: IdPart): number {
  return 'token' in part && part.token !== 'seq' ? randomSources[part.token].bits(part.length) : 0
}
