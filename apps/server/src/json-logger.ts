import type { LogFields, Logger } from '@imnot/core'

/** One line of JSON for each event, as collectors of container logs read them. */
export function jsonLogger(write: (line: string) => void): Logger {
  const at =
    (level: string) =>
    (message: string, fields: LogFields = {}): void =>
      write(JSON.stringify({ time: new Date().toISOString(), level, message, ...fields }))
  return { debug() {}, info: at('info'), warn: at('warn'), error: at('error') }
}
