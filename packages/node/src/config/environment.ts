import { type CheckedValues, type ConfigPath, checkValues } from './check-values.ts'
import { nearestName } from './nearest-name.ts'

export type Environment = Readonly<Record<string, string | undefined>>

/** The variables that mirror a key of `imnot.yaml`. */
const variables: Readonly<Record<string, string>> = {
  host: 'IMNOT_HOST',
  port: 'IMNOT_PORT',
  storage: 'IMNOT_STORAGE',
  db: 'IMNOT_DB',
  partners_dir: 'IMNOT_PARTNERS_DIR',
  patterns: 'IMNOT_PATTERNS',
  base_url: 'IMNOT_BASE_URL',
  watch: 'IMNOT_WATCH',
  journal: 'IMNOT_JOURNAL',
  pid_file: 'IMNOT_PID_FILE',
  'tls.cert': 'IMNOT_TLS_CERT',
  'tls.key': 'IMNOT_TLS_KEY',
  'callbacks.allow': 'IMNOT_CALLBACKS_ALLOW',
  'callbacks.timeout_seconds': 'IMNOT_CALLBACKS_TIMEOUT_SECONDS',
}

/** Secrets, and where the file is: these have no key in `imnot.yaml`. */
const others = [
  'IMNOT_ADMIN_KEY',
  'IMNOT_ADMIN_KEY_FILE',
  'IMNOT_ADMIN_KEY_PREVIOUS',
  'IMNOT_ENCRYPTION_KEY',
  'IMNOT_ENCRYPTION_KEY_FILE',
  'IMNOT_ENCRYPTION_KEY_PREVIOUS',
  'IMNOT_CONFIG',
]

/** An empty variable counts as unset. */
export function readEnvironment(env: Environment): CheckedValues {
  const values: Record<string, unknown> = {}
  for (const [key, variable] of Object.entries(variables)) {
    const text = env[variable]?.trim() ?? ''
    if (text === '') continue
    const [outer = key, inner] = key.split('.')
    const value = (readers[key] ?? String)(text)
    values[outer] = inner === undefined ? value : { ...(values[outer] as object | undefined), [inner]: value }
  }
  return checkValues(
    values,
    (path) => variables[path.filter((part) => typeof part === 'string').join('.')] ?? nameless(path),
  )
}

/** A sentence for each variable that looks like a setting and is none. */
export function unknownVariables(env: Environment): string[] {
  const known = [...Object.values(variables), ...others]
  return Object.keys(env)
    .filter((name) => name.startsWith('IMNOT_') && !name.startsWith('IMNOT_TEST_') && !known.includes(name))
    .map((name) => {
      const meant = nearestName(name, known)
      return `${name} is no setting and has no effect${meant === null ? '.' : `; did you mean ${meant}?`}`
    })
}

/** Text that is no number or no boolean stays text, for the schema to refuse. */
const readers: Readonly<Record<string, (text: string) => unknown>> = {
  port: (text) => (/^\d+$/.test(text) ? Number(text) : text),
  watch: readFlag,
  'callbacks.timeout_seconds': (text) => (/^\d+(\.\d+)?$/.test(text) ? Number(text) : text),
  journal: readFlag,
  'callbacks.allow': readList,
  patterns: readList,
}

function readList(text: string): string[] {
  return text
    .split(',')
    .map((entry) => entry.trim())
    .filter((entry) => entry !== '')
}

function readFlag(text: string): unknown {
  if (/^(true|1|yes|on)$/i.test(text)) return true
  return /^(false|0|no|off)$/i.test(text) ? false : text
}

function nameless(path: ConfigPath): string {
  return path.join('.')
}
