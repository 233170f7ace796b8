import { Buffer } from 'node:buffer'
import { createHash } from 'node:crypto'
import { type ParsedDefinition, type PatternSchema, parseDefinition } from '@imnot/schema'
import { keys } from '../keys.ts'
import type { FailedDefinition, LoadedDefinitions } from '../ports/definition-source.ts'
import type { PutOperation, Storage } from '../ports/storage.ts'

/** Where a definition that came over HTTP says that it is from. */
export function registeredFile(partner: string): string {
  return `registered:${partner}`
}

/** The definitions that were registered over HTTP and are kept in the storage. */
export async function loadRegistered(storage: Storage, patterns: readonly PatternSchema[]): Promise<LoadedDefinitions> {
  const parsed: ParsedDefinition[] = []
  const failed: FailedDefinition[] = []
  for (const record of await storage.list(keys.definitions, { bodies: true, limit: 10_000 })) {
    const { partner } = record.value as RegisteredValue
    const file = registeredFile(partner)
    const result = parseDefinition(record.body ?? new Uint8Array(0), { file, patterns })
    if (result.ok) parsed.push(result.parsed)
    else failed.push({ file, partner, diagnostics: result.diagnostics })
  }
  return { parsed, failed }
}

type RegisteredValue = { readonly partner: string; readonly sha256: string; readonly registeredAt: number }

/** The text is kept as it came. */
export function putRegistered(partner: string, text: Uint8Array, now: number): PutOperation {
  const sha256 = createHash('sha256').update(text).digest('hex')
  const value: RegisteredValue = { partner, sha256, registeredAt: now }
  return { type: 'put', key: keys.definition(partner), value, body: Buffer.from(text) }
}
