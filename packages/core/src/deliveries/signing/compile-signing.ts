import type { DeclaredCallback } from '@imnot/schema'
import type { Scope } from '../../rendering/scope.ts'
import { compileTemplate, type TemplateOptions } from '../../rendering/template.ts'
import { toText } from '../../rendering/to-text.ts'
import type { Signing } from './signing.ts'

export interface SigningContext {
  readonly options: TemplateOptions
  readonly environment: (name: string) => string | undefined
}

/** Fixes the key when the delivery is owed: what the mock hands out later, or the environment holds then, is of later ones. */
export interface SigningRenderer {
  (scope: Scope): Signing
  readonly reads: readonly string[]
}

export function compileSigning(
  declared: NonNullable<DeclaredCallback['sign']>,
  { options, environment }: SigningContext,
): SigningRenderer {
  const {
    scheme,
    secret_env: secretEnv = null,
    secret,
    prefix,
    algorithm,
    encoding,
    key_encoding,
    payload,
    headers,
  } = declared
  const key = secret === undefined ? null : compileTemplate(secret, options)
  if (payload !== undefined) compileTemplate(payload)
  for (const template of Object.values(headers ?? {})) compileTemplate(template)
  const fixed = {
    scheme,
    secretEnv,
    ...(prefix !== undefined && { prefix }),
    ...(algorithm !== undefined && { algorithm }),
    ...(encoding !== undefined && { encoding }),
    ...(key_encoding !== undefined && { keyEncoding: key_encoding }),
    ...(payload !== undefined && { payload }),
    ...(headers !== undefined && { headers }),
  }
  const render = (scope: Scope): Signing => {
    const found = key === null ? environment(secretEnv ?? '') : toText(key(scope))
    return { ...fixed, key: found || null }
  }
  return Object.assign(render, { reads: key?.reads ?? [] })
}
