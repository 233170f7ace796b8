import { type CheckedValues, checkValues } from './check-values.ts'

/** What the command line was given; a flag that was not given is absent. Numbers may still be text. */
export interface ConfigFlags {
  readonly config?: string | undefined
  readonly host?: string | undefined
  readonly port?: string | number | undefined
  readonly storage?: string | undefined
  readonly db?: string | undefined
  readonly partnersDir?: string | undefined
  readonly pattern?: readonly string[] | undefined
  readonly baseUrl?: string | undefined
  readonly watch?: boolean | undefined
  readonly pidFile?: string | undefined
  readonly tlsCert?: string | undefined
  readonly tlsKey?: string | undefined
  readonly callbacksAllow?: readonly string[] | undefined
  readonly adminKey?: string | undefined
}

export function readFlags(flags: ConfigFlags): CheckedValues {
  const { host, port, storage, db, partnersDir, baseUrl, watch, pidFile } = flags
  const isNumber = typeof port === 'string' && /^\d+$/.test(port)
  const input = {
    host,
    port: isNumber ? Number(port) : port,
    storage,
    db,
    partners_dir: partnersDir,
    patterns: flags.pattern,
    base_url: baseUrl,
    watch,
    pid_file: pidFile,
    tls: present({ cert: flags.tlsCert, key: flags.tlsKey }),
    callbacks: present({ allow: flags.callbacksAllow }),
  }
  return checkValues(
    present(input),
    (path) =>
      `--${path
        .filter((part) => typeof part === 'string')
        .join('-')
        .replaceAll('_', '-')}`,
  )
}

function present(input: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries(input).filter(([, value]) => value !== undefined))
}
