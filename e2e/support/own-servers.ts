import { ownPostgresMissing, startOwnPostgres } from '@imnot/tooling/servers/own-postgres'
import { ownRedisMissing, startOwnRedis } from '@imnot/tooling/servers/own-redis'

/** A database server of one run's own. */
export interface OwnServer {
  /** As `--storage` takes it. */
  readonly url: string
  /** Where its files are. */
  readonly folder: string
  /** Ends it as a crash does. */
  kill(): Promise<void>
  /** On the same port, with the same files. */
  start(): Promise<void>
  /** Ends it and removes its files. */
  remove(): Promise<void>
}

/** What it promises to keep: each write, or only what happened to be written out when it died. */
export type Durability = 'durable' | 'forgetful'

export interface OwnServerKind {
  /** Why none can be started here; null where one can. */
  readonly missing: string | null
  start(durability: Durability): Promise<OwnServer>
}

export const ownPostgres: OwnServerKind = {
  missing: ownPostgresMissing,
  start: (durability) =>
    startOwnPostgres({
      // The log is written out as late as can be set, so that a kill finds some of it in memory.
      settings: durability === 'durable' ? {} : { synchronous_commit: 'off', wal_writer_delay: '10s' },
    }),
}

export const ownRedis: OwnServerKind = {
  missing: ownRedisMissing,
  async start(durability) {
    const durable = ['--appendonly', 'yes', '--appendfsync', 'always']
    const server = await startOwnRedis(...(durability === 'durable' ? durable : ['--appendonly', 'no']))
    return { ...server, kill: () => server.stop('SIGKILL') }
  },
}
