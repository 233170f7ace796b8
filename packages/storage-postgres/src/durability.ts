import type { Database } from './connection/database.ts'

/** What the server's settings may lose of what was acknowledged, a sentence each. */
export async function durabilityWarnings({ ask, place }: Database): Promise<string[]> {
  const { rows } = await ask({
    text: `SELECT current_setting('synchronous_commit') AS synchronous_commit, current_setting('fsync') AS fsync`,
  })
  const settings = Object.entries((rows[0] ?? {}) as Readonly<Record<string, string>>)
  return settings
    .filter(([, value]) => value === 'off')
    .map(
      ([name]) =>
        `The database ${place} runs with ${name} = off, so that its crash loses writes that were acknowledged; set it to on.`,
    )
}
