import type { DeclaredAuth, DeclaredWay } from './fields/auth.ts'
import { nearest } from './nearest.ts'
import type { PatternSchema } from './patterns/pattern.ts'
import { findPattern } from './patterns/registry.ts'
import type { Problem, ValuePath } from './problem.ts'
import { checkVariable } from './variable-rules.ts'

const kinds = ['oauth', 'bearer', 'bearer_env', 'basic', 'api_key'] as const

/** Rules between the keys of each way to be let in. */
export function checkAuth(auth: DeclaredAuth, written: unknown): Problem[] {
  if (auth === undefined || auth === false) return []
  const path = (index: number): ValuePath => (Array.isArray(written) ? ['auth', index] : ['auth'])
  return auth.flatMap((way, index) => checkWay(way, path(index)))
}

function checkWay(way: DeclaredWay, path: ValuePath): Problem[] {
  const given = kinds.filter((kind) => way[kind] !== undefined)
  if (given.length !== 1) {
    const which = given.length === 0 ? 'none' : given.map((kind) => `"${kind}"`).join(' and ')
    const message = `A way to be let in has one of ${kinds.join(', ')}, found ${which}; write several ways as a list.`
    return [{ code: given.length === 0 ? 'missing-key' : 'conflicting-keys', message, path }]
  }
  return [...checkTokenPlace(way, path), ...checkBearer(way, path), ...checkBasic(way, path), ...checkApiKey(way, path)]
}

function checkTokenPlace(way: DeclaredWay, path: ValuePath): Problem[] {
  if (way.oauth === undefined) {
    return (['scopes', 'header', 'query'] as const)
      .filter((key) => way[key] !== undefined)
      .map((key) => conflict(`"${key}" goes with "oauth" only; leave it out here.`, [...path, key]))
  }
  if (way.header === undefined || way.query === undefined) return []
  return [conflict('"header" and "query" exclude each other; write two ways as a list.', [...path, 'query'])]
}

function checkBearer({ bearer, bearer_env: variable }: DeclaredWay, path: ValuePath): Problem[] {
  if (bearer === false) {
    const message = '"bearer" is the token, or true for any; "auth: false" asks for nothing.'
    return [{ code: 'bad-value', message, path: [...path, 'bearer'] }]
  }
  return checkVariable(variable, [...path, 'bearer_env'])
}

function checkBasic({ basic }: DeclaredWay, path: ValuePath): Problem[] {
  if (basic === undefined) return []
  const here = [...path, 'basic']
  if (basic.password !== undefined && basic.password_env !== undefined) {
    return [conflict('"password" and "password_env" exclude each other; keep one.', [...here, 'password_env'])]
  }
  return checkVariable(basic.password_env, [...here, 'password_env'])
}

function checkApiKey({ api_key: key }: DeclaredWay, path: ValuePath): Problem[] {
  if (key === undefined) return []
  const here = [...path, 'api_key']
  if ((key.header === undefined) === (key.query === undefined)) {
    const message = '"api_key" needs one of "header" and "query", which says where the key is.'
    return [{ code: key.header === undefined ? 'missing-key' : 'conflicting-keys', message, path: here }]
  }
  if (key.value !== undefined && key.value_env !== undefined) {
    return [conflict('"value" and "value_env" exclude each other; keep one.', [...here, 'value_env'])]
  }
  return checkVariable(key.value_env, [...here, 'value_env'])
}

function conflict(message: string, path: ValuePath): Problem {
  return { code: 'conflicting-keys', message, path, at: 'key' }
}

/** That each name of a token's datapoint is one that issues tokens, wherever it stands in the definition as it was written. */
export function checkIssuers(definition: object, patterns: readonly PatternSchema[]): Problem[] {
  const datapoints = listOf(member(definition, 'datapoints'))
  const issuers = datapoints.filter((datapoint) => issues(datapoint, patterns)).map((one) => member(one, 'name'))
  const names = issuers.filter((name) => typeof name === 'string')
  const all = datapoints.map((one) => member(one, 'name'))
  return places(definition, datapoints).flatMap(({ value, path }) =>
    namesIn(value, path).flatMap(({ name, path: here }) =>
      names.includes(name) ? [] : [unknownIssuer(name, here, { names, exists: all.includes(name) })],
    ),
  )
}

function issues(datapoint: unknown, patterns: readonly PatternSchema[]): boolean {
  const pattern = member(datapoint, 'pattern')
  return typeof pattern === 'string' && findPattern(pattern, patterns)?.issuesTokens === true
}

function places(definition: object, datapoints: readonly unknown[]): { value: unknown; path: ValuePath }[] {
  const found = [{ value: member(member(definition, 'defaults'), 'auth'), path: ['defaults', 'auth'] as ValuePath }]
  for (const [index, datapoint] of datapoints.entries()) {
    const path = ['datapoints', index]
    found.push({ value: member(member(datapoint, 'defaults'), 'auth'), path: [...path, 'defaults', 'auth'] })
    for (const [position, endpoint] of listOf(member(datapoint, 'endpoints')).entries()) {
      found.push({ value: member(endpoint, 'auth'), path: [...path, 'endpoints', position, 'auth'] })
    }
  }
  return found
}

function namesIn(value: unknown, path: ValuePath): { name: string; path: ValuePath }[] {
  if (typeof value === 'string') return [{ name: value, path }]
  if (Array.isArray(value)) return value.flatMap((one, index) => namesIn(one, [...path, index]))
  const name = member(value, 'oauth')
  return typeof name === 'string' ? [{ name, path: [...path, 'oauth'] }] : []
}

function unknownIssuer(name: string, path: ValuePath, known: { names: string[]; exists: boolean }): Problem {
  const expected = 'the name of a datapoint of pattern oauth'
  const suggestion = nearest(name, known.names)
  const others = known.names.length === 0 ? 'this partner has none' : `this partner has ${known.names.join(', ')}`
  const cause = known.exists ? 'is the name of a datapoint that issues no tokens' : 'is the name of no datapoint'
  const hint = suggestion === undefined ? others : `did you mean "${suggestion}"?`
  const message = `"${name.slice(0, 100)}" ${cause}; "auth" names one of pattern oauth: ${hint}${hint.endsWith('?') ? '' : '.'}`
  return { code: 'unknown-name', message, path, expected, found: name, ...(suggestion && { suggestion }) }
}

/** That there is a discovery document in which a line can stand. */
export function checkAdvertised(definition: object): Problem[] {
  const datapoints = listOf(member(definition, 'datapoints'))
  const endpoints = datapoints.flatMap((datapoint, index) =>
    listOf(member(datapoint, 'endpoints')).map((endpoint, position) => ({
      endpoint,
      path: ['datapoints', index, 'endpoints', position] as ValuePath,
    })),
  )
  if (endpoints.some(({ endpoint }) => member(endpoint, 'operation') === 'discovery')) return []
  const advertised = endpoints.filter(({ endpoint }) => member(endpoint, 'advertise') !== undefined)
  const message =
    '"advertise" adds a line to the discovery document, and this partner has no endpoint with "operation: discovery"; add one to a datapoint of pattern oauth.'
  return advertised.map(({ path }) => ({
    code: 'missing-endpoint',
    message,
    path: [...path, 'advertise'],
    at: 'key' as const,
  }))
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : []
}

function member(value: unknown, name: string): unknown {
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, name)) return undefined
  return (value as Record<string, unknown>)[name]
}
