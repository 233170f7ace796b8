import { checkAdvertised, checkIssuers } from './auth-rules.ts'
import type { PartnerDefinition } from './definition.ts'
import { partnerHead } from './definition-schema.ts'
import { describeValue } from './describe-value.ts'
import { explainIssues } from './explain-issue.ts'
import { levelOf } from './inherit.ts'
import { dropExtensions } from './language-mapping.ts'
import { parsePath } from './path-syntax.ts'
import type { PatternSchema } from './patterns/pattern.ts'
import { findPattern } from './patterns/registry.ts'
import { type Problem, prefixProblem } from './problem.ts'
import { unknownResources } from './resource-names.ts'
import { checkTemplates } from './templates/check-templates.ts'
import { type ValidatedDatapoint, validateDatapoint } from './validate-datapoint.ts'

export interface ValidatedDefinition {
  problems: Problem[]
  /** Present when there are no problems. */
  definition?: PartnerDefinition
  /** The partner's name, where it could be read. */
  partner?: string
}

/** Checks a whole definition that is plain data, and reports every fault at once. */
export function validateDefinition(value: unknown, patterns: readonly PatternSchema[]): ValidatedDefinition {
  const raw = dropExtensions(value)
  if (typeof raw !== 'object' || raw === null || Array.isArray(raw)) {
    const found = describeValue(raw)
    const message = `A definition must be a mapping that begins with "partner: NAME", found ${found}.`
    return { problems: [{ code: 'bad-value', message, path: [], expected: 'a mapping', found }] }
  }
  const head = partnerHead.safeParse(raw)
  const problems = head.success
    ? []
    : explainIssues(head.error.issues, {
        value: raw,
        schema: partnerHead,
        nameOf: (path) => (path.length === 0 ? 'a partner definition' : `"${String(path.at(-1))}"`),
      })
  problems.push(...checkTemplates({ ...raw, datapoints: [] }))
  const listed: unknown[] = 'datapoints' in raw && Array.isArray(raw.datapoints) ? raw.datapoints : []
  const validated = listed.map((datapoint) => validateDatapoint(datapoint, patterns, levelOf(raw)))
  for (const [index, { problems: found }] of validated.entries()) {
    problems.push(...found.map((problem) => prefixProblem(['datapoints', index], problem)))
  }
  problems.push(
    ...repeatedNames(listed),
    ...repeatedRoutes(validated),
    ...checkIssuers(raw, patterns),
    ...checkAdvertised(raw),
  )
  problems.push(...unknownResources(raw, resourcesOf(listed, patterns), []))
  const partner = 'partner' in raw && typeof raw.partner === 'string' ? { partner: raw.partner } : {}
  if (!head.success || problems.length > 0) return { problems, ...partner }
  // Each datapoint was parsed by the schema of its pattern: together they are a definition.
  const datapoints = validated.map(({ datapoint }) => datapoint) as PartnerDefinition['datapoints']
  return { problems, ...partner, definition: { ...head.data, datapoints } }
}

function resourcesOf(datapoints: readonly unknown[], patterns: readonly PatternSchema[]): string[] {
  return datapoints.flatMap((datapoint) => {
    if (typeof datapoint !== 'object' || datapoint === null) return []
    const { name, pattern } = datapoint as { readonly name?: unknown; readonly pattern?: unknown }
    const isResource = typeof pattern === 'string' && findPattern(pattern, patterns)?.subject === 'record'
    return isResource && typeof name === 'string' ? [name] : []
  })
}

function repeatedNames(datapoints: readonly unknown[]): Problem[] {
  const problems: Problem[] = []
  const seen = new Map<string, number>()
  for (const [index, datapoint] of datapoints.entries()) {
    const name = typeof datapoint === 'object' && datapoint !== null && 'name' in datapoint ? datapoint.name : undefined
    if (typeof name !== 'string') continue
    const first = seen.get(name)
    if (first === undefined) {
      seen.set(name, index)
      continue
    }
    const message = `A second datapoint is called "${name}"; give each a name of its own.`
    const related = [{ path: ['datapoints', first, 'name'], message: `"${name}" stands here first` }]
    problems.push({ code: 'duplicate-name', message, path: ['datapoints', index, 'name'], related })
  }
  return problems
}

function repeatedRoutes(datapoints: readonly ValidatedDatapoint[]): Problem[] {
  const problems: Problem[] = []
  const seen = new Map<string, (string | number)[]>()
  for (const [datapoint, { endpoints }] of datapoints.entries()) {
    for (const [index, endpoint] of endpoints.entries()) {
      if (!endpoint) continue
      const parsed = parsePath(endpoint.path)
      if (!parsed.ok) continue
      const path = ['datapoints', datapoint, 'endpoints', index, 'path']
      const keys = endpoint.method.map((method) => `${method} ${parsed.shape}`)
      const taken = keys.findIndex((key) => seen.has(key))
      const first = seen.get(keys[taken] ?? '')
      // What has a condition leaves the rest of its route to those after it.
      if (endpoint.when === undefined) for (const key of keys) if (!seen.has(key)) seen.set(key, path)
      if (!first) continue
      const route = `${endpoint.method[taken]} ${endpoint.path}`
      const message =
        endpoint.when === undefined
          ? `The route ${route} is declared twice; change the path or the method of one, or give the first a "when".`
          : `The route ${route} is declared before without "when", so that this one never answers; put it first.`
      problems.push({
        code: 'duplicate-route',
        message,
        path,
        related: [{ path: first, message: 'The same route is here' }],
      })
    }
  }
  return problems
}
