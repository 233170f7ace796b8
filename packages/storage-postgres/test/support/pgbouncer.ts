import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { freePort } from '@imnot/tooling/servers/free-port'
import { otherUserThanRoot } from '@imnot/tooling/servers/other-user'
import pg from 'pg'
import { addressOfServer, serverUrl } from './postgres-server.ts'

const binary = [
  '/usr/sbin/pgbouncer',
  ...(process.env.PATH ?? '').split(':').map((folder) => join(folder, 'pgbouncer')),
].find(existsSync)

export const missingPgBouncer = binary === undefined ? 'no pgbouncer on the PATH' : null

export interface PgBouncer {
  readonly url: string
  stop(): Promise<void>
}

/** A PgBouncer in transaction mode with few connections, in front of the server of the tests. */
export async function startPgBouncer(): Promise<PgBouncer> {
  const folder = await mkdtemp(join(tmpdir(), 'imnot-pgbouncer-'))
  const port = await freePort()
  const { host, port: serverPort } = addressOfServer()
  const { username, password } = new URL(serverUrl)
  await writeFile(join(folder, 'users.txt'), `"${decodeURIComponent(username)}" "${decodeURIComponent(password)}"\n`)
  await writeFile(
    join(folder, 'pgbouncer.ini'),
    [
      '[databases]',
      `* = host=${host} port=${serverPort}`,
      '[pgbouncer]',
      'listen_addr = 127.0.0.1',
      `listen_port = ${port}`,
      'unix_socket_dir =',
      'auth_type = trust',
      `auth_file = ${join(folder, 'users.txt')}`,
      'pool_mode = transaction',
      'default_pool_size = 4',
    ].join('\n'),
  )
  // It refuses to run as root, and whoever it runs as must be able to read this.
  await chmod(folder, 0o755)
  const child = spawn(binary as string, [join(folder, 'pgbouncer.ini')], { stdio: 'ignore', ...otherUserThanRoot() })
  const url = new URL(serverUrl)
  url.host = `127.0.0.1:${port}`
  await accepting(url.href, child)
  return {
    url: url.href,
    async stop() {
      const ended = child.exitCode === null ? once(child, 'exit') : undefined
      child.kill('SIGINT')
      await ended
      await rm(folder, { recursive: true })
    },
  }
}

async function accepting(url: string, child: ChildProcess): Promise<void> {
  for (let attempt = 0; attempt < 100; attempt++) {
    if (child.exitCode !== null) throw new Error(`pgbouncer ended at once, with the code ${child.exitCode}`)
    const client = new pg.Client(url)
    try {
      await client.connect()
      return
    } catch {
      await new Promise((resolve) => setTimeout(resolve, 50))
    } finally {
      await client.end().catch(() => undefined)
    }
  }
  throw new Error('pgbouncer accepts no connection')
}
