import type { z } from 'zod'
import { type ConfigValues, configSchema } from './config-schema.ts'
import { nearestName } from './nearest-name.ts'

export type ConfigPath = readonly (string | number)[]

export interface CheckedValues {
  readonly values: ConfigValues
  /** One sentence for each fault. */
  readonly faults: readonly string[]
}

/** Checks one source of settings. `nameOf` says what a person has to change: a place in a file, a variable, a flag. */
export function checkValues(input: unknown, nameOf: (path: ConfigPath) => string): CheckedValues {
  const result = configSchema.safeParse(input)
  if (result.success) return { values: result.data, faults: [] }
  return { values: {}, faults: result.error.issues.flatMap((issue) => describe(issue, input, nameOf)) }
}

function describe(issue: z.core.$ZodIssue, input: unknown, nameOf: (path: ConfigPath) => string): string[] {
  const path = issue.path as (string | number)[]
  if (issue.code === 'unrecognized_keys') return issue.keys.map((key) => unknownKey([...path, key], nameOf))
  const name = nameOf(path)
  const found = valueAt(input, path)
  return [
    `${name} ${issue.message}${issue.message.includes('found') ? '' : `, found ${JSON.stringify(found) ?? 'nothing'}`}.`,
  ]
}

const secrets = ['admin_key', 'admin_keys', 'admin_key_previous', 'encryption_key']

function unknownKey(path: (string | number)[], nameOf: (path: ConfigPath) => string): string {
  const key = String(path.at(-1))
  if (secrets.includes(key)) {
    return `${nameOf(path)} is a secret, and secrets are not kept in this file; set IMNOT_${key.toUpperCase()} in the environment.`
  }
  const meant = nearestName(key, keysAt(path.slice(0, -1)))
  return `${nameOf(path)} is no setting${meant === null ? '.' : `; did you mean ${meant}?`}`
}

function keysAt([outer]: ConfigPath): readonly string[] {
  if (outer === 'tls') return ['cert', 'key']
  return outer === 'callbacks' ? ['allow', 'timeout_seconds'] : Object.keys(configSchema.shape)
}

function valueAt(input: unknown, path: ConfigPath): unknown {
  let value = input
  for (const key of path) value = (value as Readonly<Record<string, unknown>> | undefined)?.[key]
  return value
}
