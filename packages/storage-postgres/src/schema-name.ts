import { ImnotError } from '@imnot/core'

/** The schema as an identifier, quoted. Nothing in the name can end the quotes, nor those of a function's body. */
export function quotedSchema(schema: string): string {
  if (/^[A-Za-z0-9_-]{1,63}$/.test(schema)) return `"${schema}"`
  throw new ImnotError(
    'CONFIG_INVALID',
    `Expected a schema of 1 to 63 letters, digits, '_' and '-', found ${JSON.stringify(schema)}.`,
  )
}
