import { library } from '../libraries.ts'
import { isMapping, isTruthy } from '../rendering/read-member.ts'
import { fixedRenderer, type Renderer, readsBody, readsOf, rendererOf } from '../rendering/renderer.ts'
import { readRoot, type Scope } from '../rendering/scope.ts'
import { compileTemplate, type TemplateOptions } from '../rendering/template.ts'
import { operators } from './operators.ts'
import { checkPattern } from './pattern.ts'
import { compileSelector, isXPath, type Selector } from './selector.ts'

/** A `when`, compiled once. Never throws. */
export interface Condition {
  (scope: Scope): boolean
  /** Whether it reads the request's body, `text` included. */
  readonly readsBody: boolean
  /** Whether it reads nothing but the request without its body, so that it can be asked while routes are matched. */
  readonly isOfRoute: boolean
  /** As in `Renderer`. */
  readonly reads: readonly string[]
}

type Test = (scope: Scope) => boolean

interface Compiling {
  readonly options: TemplateOptions
  /** As in `Renderer`. */
  readonly reads: Set<string>
}

/** Parts of the request that a condition names without `request`. */
const requestParts: readonly string[] = ['method', 'path', 'url', 'params', 'query', 'headers', 'body', 'text']
/** Mappings whose members have any name, so that none of them is an operator. */
const namedParts: readonly string[] = ['params', 'query', 'headers']
const routeParts: readonly string[] = ['method', 'path', 'params', 'query', 'headers'].map((part) => `request.${part}`)

/** Throws a `DefinitionFault`; shapes are the schema's to check. */
export function compileCondition(declared: unknown, options: TemplateOptions = {}): Condition {
  const compiling: Compiling = { options, reads: new Set() }
  const test = compileTest(declared, compiling)
  const reads = [...compiling.reads]
  return Object.assign((scope: Scope) => test(scope), {
    readsBody: readsBody(reads),
    isOfRoute: reads.every((read) => routeParts.includes(read)),
    reads,
  })
}

function compileTest(declared: unknown, compiling: Compiling): Test {
  if (typeof declared === 'string') {
    const template = compileTemplate(declared, compiling.options)
    noteReads(template, compiling)
    return (scope) => isTruthy(template(scope))
  }
  if (Array.isArray(declared)) return every(declared.map((one) => compileTest(one, compiling)))
  if (!isMapping(declared)) return () => isTruthy(declared)
  return every(Object.entries(declared).map(([name, value]) => compileMember(name, value, compiling)))
}

function compileMember(name: string, declared: unknown, compiling: Compiling): Test {
  if (name === 'not') {
    const inner = compileTest(declared, compiling)
    return (scope) => !inner(scope)
  }
  if (name === 'any' || name === 'all') {
    const inner = (Array.isArray(declared) ? declared : [declared]).map((one) => compileTest(one, compiling))
    return name === 'all' ? every(inner) : (scope) => inner.some((test) => test(scope))
  }
  if (name === 'request' && isMapping(declared)) return compileTest(declared, compiling)
  const isPart = requestParts.includes(name)
  for (const read of isPart ? [`request.${name}`] : readsOfRoot(name, declared)) compiling.reads.add(read)
  const read = isPart ? (scope: Scope) => scope.request?.[name as 'body'] : (scope: Scope) => readRoot(scope, name)
  const matches = namedParts.includes(name) ? compileMembers(declared, compiling) : compileMatch(declared, compiling)
  return (scope) => {
    const value = read(scope)
    return matches(value === undefined ? [] : [value], scope)
  }
}

type Match = (found: readonly unknown[], scope: Scope) => boolean

/** A mapping of operators, a mapping of members, or a plain value, which is to be equal. */
function compileMatch(declared: unknown, compiling: Compiling): Match {
  if (!isMapping(declared) || Object.keys(declared).length === 0) return compileOperator('equals', declared, compiling)
  const names = Object.keys(declared)
  if (names.every((name) => Object.hasOwn(operators, name))) {
    const tests = names.map((name) => compileOperator(name, declared[name], compiling))
    return (found, scope) => tests.every((test) => test(found, scope))
  }
  return compileMembers(declared, compiling)
}

function compileMembers(declared: unknown, compiling: Compiling): Match {
  if (!isMapping(declared)) return compileOperator('equals', declared, compiling)
  const tests = Object.entries(declared).map(([name, value]) => {
    const select = compileSelector(name)
    const matches = compileMatch(value, compiling)
    return (found: readonly unknown[], scope: Scope) => matches(selectIn(found, select, isXPath(name), scope), scope)
  })
  return (found, scope) => tests.every((test) => test(found, scope))
}

function selectIn(found: readonly unknown[], select: Selector, ofDocument: boolean, scope: Scope): readonly unknown[] {
  // An XPath asks the document, whatever the body is as data.
  if (ofDocument) return select(undefined, scope.request)
  return found.flatMap((value) =>
    [...select(value, scope.request)].flatMap((one) => (isQuery(value, scope) ? one : [one])),
  )
}

/** A query parameter that was sent several times is as many values. */
function isQuery(value: unknown, scope: Scope): boolean {
  return value === scope.request?.query
}

function compileOperator(name: string, declared: unknown, compiling: Compiling): Match {
  const operator = operators[name]
  if (operator === undefined) return () => false
  const operand = compileOperand(declared, compiling.options)
  noteReads(operand, compiling)
  if (name === 'matches') {
    library('re2')
    if (operand.isFixed && typeof declared === 'string') checkPattern(declared)
  }
  return (found, scope) => {
    try {
      return operator(found, operand(scope))
    } catch {
      // A pattern that a template makes may be none.
      return false
    }
  }
}

function noteReads(renderer: Renderer, { reads }: Compiling): void {
  for (const read of renderer.reads) reads.add(read)
}

/** `records: { hotels: … }` reads `records.hotels`. */
function readsOfRoot(name: string, declared: unknown): string[] {
  return isMapping(declared) ? Object.keys(declared).map((member) => `${name}.${member.split('.', 1)[0]}`) : [name]
}

/** What an operator compares with: a plain value, a template, or a list of these. */
function compileOperand(declared: unknown, options: TemplateOptions): Renderer {
  if (typeof declared === 'string') return compileTemplate(declared, options)
  if (!Array.isArray(declared)) return fixedRenderer(declared)
  const items = declared.map((item) => compileOperand(item, options))
  if (items.every((item) => item.isFixed)) return fixedRenderer(declared)
  return rendererOf((scope) => items.map((item) => item(scope)), readsOf(items))
}

function every(tests: readonly Test[]): Test {
  const [only] = tests
  if (tests.length === 1 && only !== undefined) return only
  return (scope) => tests.every((test) => test(scope))
}
