import { findServer, postgresForTests } from '@imnot/tooling/servers/test-servers'
import pg from 'pg'
import { onTestFinished } from 'vitest'

/** The server of the tests; without one they are skipped by name, and fail where CI is set. */
export const { url: serverUrl, missing: missingServer } = await findServer(postgresForTests)

export function skipTitle(title: string, reason: string | null): string {
  return reason === null ? title : `${title} (skipped: ${reason})`
}

/** A name that no other test uses; the schema is dropped when the test ends. */
export function temporarySchema(): string {
  const schema = freshSchemaName()
  onTestFinished(() => dropSchema(schema))
  return schema
}

export function freshSchemaName(): string {
  return `imnot-test-${Date.now().toString(36)}-${Math.random().toString(36).slice(2)}`
}

export async function dropSchema(schema: string): Promise<void> {
  await query(`DROP SCHEMA IF EXISTS "${schema}" CASCADE`)
}

/** One statement on a connection of its own. */
export async function query<Row>(text: string): Promise<Row[]> {
  const client = new pg.Client(serverUrl)
  client.on('error', () => undefined)
  await client.connect()
  try {
    return (await client.query(text)).rows as Row[]
  } finally {
    await client.end()
  }
}

export function addressOfServer(): { readonly host: string; readonly port: number } {
  const { hostname, port } = new URL(serverUrl)
  return { host: hostname, port: Number(port || 5432) }
}
