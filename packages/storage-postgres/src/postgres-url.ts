import { ImnotError } from '@imnot/core'

export interface PostgresUrl {
  /** For pg: without the parameters that are ours. */
  readonly connectionString: string
  /** For people: without user, password and parameters. */
  readonly place: string
  readonly schema?: string
  readonly prepare?: boolean
  readonly maxConnections?: number
}

const example = 'postgres://user:password@localhost:5432/database?schema=imnot'

/** Takes what pg takes, and `schema`, `prepare` and `maxConnections` beside. The text may hold a password: no message repeats it. */
export function parsePostgresUrl(text: string): PostgresUrl {
  const url = parsed(text)
  const { searchParams } = url
  const schema = searchParams.get('schema')
  const prepare = searchParams.get('prepare')
  const maxConnections = searchParams.get('maxConnections')
  for (const name of ['schema', 'prepare', 'maxConnections']) searchParams.delete(name)
  if (prepare !== null && !/^(true|false)$/.test(prepare)) throw refused(`prepare=true or prepare=false`)
  if (maxConnections !== null && !/^[1-9]\d{0,4}$/.test(maxConnections)) throw refused('maxConnections=10 or so')
  return {
    connectionString: url.href,
    place: placeOf(url),
    ...(schema !== null && { schema }),
    ...(prepare !== null && { prepare: prepare === 'true' }),
    ...(maxConnections !== null && { maxConnections: Number(maxConnections) }),
  }
}

function parsed(text: string): URL {
  try {
    const url = new URL(text)
    if (/^postgres(ql)?:$/.test(url.protocol)) return url
  } catch {
    // Said below.
  }
  throw refused(example)
}

/** The host may be a parameter: that of a socket's folder cannot stand in its place. */
function placeOf({ hostname, port, pathname, searchParams }: URL): string {
  const host = searchParams.get('host') ?? (hostname || 'localhost')
  return `postgres://${host}:${searchParams.get('port') ?? (port || '5432')}${pathname}`
}

function refused(expected: string): ImnotError {
  return new ImnotError('CONFIG_INVALID', `Expected the URL of a database like ${expected}, found something else.`)
}
