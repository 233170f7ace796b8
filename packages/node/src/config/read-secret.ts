import { readFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import type { Environment } from './environment.ts'

export interface Secrets {
  readonly values: readonly (string | undefined)[]
  readonly faults: readonly string[]
}

export interface SecretSource {
  readonly cwd: string
  readonly env: Environment
  /** The variable that holds it; the one with `_FILE` after it names a file that does. */
  readonly name: string
  readonly flag?: string | undefined
}

/** A secret by flag, variable or file, the first of them that is not empty. */
export async function readSecret({ cwd, env, name, flag }: SecretSource): Promise<Secrets> {
  const current = flag ?? env[name]?.trim() ?? ''
  const file = env[`${name}_FILE`]?.trim() ?? ''
  if (current !== '' || file === '') return { values: [current], faults: [] }
  try {
    return { values: [await readFile(resolve(cwd, file), 'utf8')], faults: [] }
  } catch (error) {
    return { values: [], faults: [`${name}_FILE names a file that cannot be read: ${(error as Error).message}.`] }
  }
}
