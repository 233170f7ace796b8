/** A piece of one segment of a path. Literals are percent-decoded, except where that would change the structure. */
export type PathSegmentPart = { literal: string } | { parameter: string } | { rest: string }

export type ParsedPath =
  | { ok: true; segments: PathSegmentPart[][]; parameters: string[]; shape: string }
  | { ok: false; problem: string; offset: number }

/**
 * Reads the path of an endpoint: `/v1/orders/{id}`, `/v1/{name}:cancel`, `/files/{rest*}`.
 *
 * A trailing slash means the same route as none. `shape` is equal for two paths that match the same requests.
 * `problem` is the end of a sentence that begins with the path; `offset` is where in the path it is.
 */
export function parsePath(path: string): ParsedPath {
  if (!path.startsWith('/')) return { ok: false, problem: 'must begin with "/"', offset: 0 }
  if (path.length > maxPathLength) {
    return { ok: false, problem: `is longer than ${maxPathLength} characters`, offset: maxPathLength }
  }
  const segments: PathSegmentPart[][] = []
  const parameters: string[] = []
  try {
    let start = 1
    while (start < path.length) {
      const segment = readSegment(path, start, parameters)
      segments.push(segment.parts)
      start = segment.end + 1
    }
  } catch (fault) {
    if (fault instanceof PathFault) return { ok: false, problem: fault.message, offset: fault.offset }
    throw fault
  }
  return { ok: true, segments, parameters, shape: shapeOf(segments) }
}

const maxPathLength = 2000
const parameterName = /^[A-Za-z_][A-Za-z0-9_]*$/

class PathFault extends Error {
  constructor(
    message: string,
    readonly offset: number,
  ) {
    super(message)
  }
}

function readSegment(path: string, start: number, parameters: string[]): { parts: PathSegmentPart[]; end: number } {
  const parts: PathSegmentPart[] = []
  let literal = ''
  let index = start
  const endLiteral = () => {
    if (literal !== '') parts.push({ literal: decodeLiteral(literal, start) })
    literal = ''
  }
  while (index < path.length && path[index] !== '/') {
    const character = path.charAt(index)
    if (character === '{') {
      endLiteral()
      const parameter = readParameter(path, index, parameters)
      if (parts.length > 0 && !('literal' in (parts.at(-1) ?? {}))) {
        throw new PathFault('has two parameters with no text between them, so that nothing tells where one ends', index)
      }
      parts.push(parameter.part)
      index = parameter.end
    } else {
      const step = readLiteral(path, index)
      literal += step.text
      index = step.end
    }
  }
  endLiteral()
  checkSegment(path, start, index, parts)
  return { parts, end: index }
}

function readParameter(path: string, start: number, parameters: string[]): { part: PathSegmentPart; end: number } {
  const end = path.indexOf('}', start)
  if (end < 0) throw new PathFault('has a "{" without its "}"; a literal "{" is written "\\{"', start)
  const written = path.slice(start + 1, end)
  const rest = written.endsWith('*')
  const name = rest ? written.slice(0, -1) : written
  if (!parameterName.test(name)) {
    const rule = 'a parameter is a letter or "_" followed by letters, digits or "_"'
    throw new PathFault(`has a parameter "{${written.slice(0, 64)}}" that is not a name; ${rule}`, start)
  }
  if (parameters.includes(name))
    throw new PathFault(`has the parameter "{${name}}" twice; give one another name`, start)
  parameters.push(name)
  return { part: rest ? { rest: name } : { parameter: name }, end: end + 1 }
}

function readLiteral(path: string, index: number): { text: string; end: number } {
  const character = path.charAt(index)
  const next = path.charAt(index + 1)
  if (character === '\\') {
    if (next === '{' || next === '}') return { text: next, end: index + 2 }
    throw new PathFault('has a "\\" that does not stand before "{" or "}"', index)
  }
  if (character === '}') throw new PathFault('has a "}" without its "{"; a literal "}" is written "\\}"', index)
  if (character === '?') throw new PathFault('has a query; a path ends before the "?"', index)
  if (character === '#') throw new PathFault('has a fragment, which is never sent to a server', index)
  if (/[\s\p{Cc}\p{Cs}]/u.test(character) && !/[\uD800-\uDFFF]/.test(character)) {
    throw new PathFault('has a space or control character; write it percent-encoded, e.g. %20', index)
  }
  return { text: character, end: index + 1 }
}

function checkSegment(path: string, start: number, end: number, parts: PathSegmentPart[]): void {
  const [first] = parts
  if (first === undefined) throw new PathFault('has two slashes in a row', start)
  if (parts.length === 1 && 'literal' in first && (first.literal === '.' || first.literal === '..')) {
    throw new PathFault(`has the segment "${first.literal}", which clients resolve before they send it`, start)
  }
  if (!parts.some((part) => 'rest' in part)) return
  if (parts.length > 1) throw new PathFault('has a "{…*}" beside other text; it must be a segment of its own', start)
  const after = path.slice(end)
  if (after !== '' && after !== '/') throw new PathFault('goes on after "{…*}", which takes all that remains', end)
}

// Reserved characters stay encoded, as a router leaves them: `%2F` is no separator.
function decodeLiteral(literal: string, offset: number): string {
  let decoded: string
  try {
    decoded = literal
      .split(/%25/)
      .map((piece) => decodeURI(piece))
      .join('%25')
  } catch {
    throw new PathFault(
      'has a "%" that begins no percent-encoded UTF-8 character; a literal "%" is written "%25"',
      offset,
    )
  }
  if (/\p{Cc}/u.test(decoded)) throw new PathFault('has an encoded control character', offset)
  return decoded
}

function shapeOf(segments: PathSegmentPart[][]): string {
  return `/${segments.map((parts) => parts.map(shapeOfPart).join('')).join('/')}`
}

function shapeOfPart(part: PathSegmentPart): string {
  if ('parameter' in part) return '{}'
  if ('rest' in part) return '{*}'
  return part.literal.replaceAll(/[{}]/g, '\\$&')
}

/** The names of the parameters of a path; none where it is no path. */
export function parametersOf(path: string): string[] {
  const parsed = parsePath(path)
  return parsed.ok ? parsed.parameters : []
}
