import { createServer, type Server } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import type { AddressInfo, Socket } from 'node:net'
import { type Engine, ImnotError, type Logger, silentLogger } from '@imnot/core'
import { readAdminKeys } from '../admin-keys.ts'
import type { Imnot } from '../create-imnot.ts'
import { answerClientError } from './client-error.ts'
import { isLoopbackHost } from './loopback.ts'
import { toNodeHandler } from './node-handler.ts'
import { isHeld } from './send-fault.ts'

export interface ServeOptions {
  /** @default '127.0.0.1' */
  readonly host?: string
  /** 0 takes any free port. @default 8000 */
  readonly port?: number
  /** In PEM. @default plain HTTP */
  readonly tls?: { readonly cert: string | Uint8Array; readonly key: string | Uint8Array }
  /** @default silent */
  readonly logger?: Logger
  /** The keys that a bare engine was made with, so that it may listen beyond this machine. @default [] */
  readonly adminKeys?: readonly string[]
  /** Listen beyond this machine without an admin key. @default false */
  readonly insecureAdmin?: boolean
  /** For the body of a request to a mocked endpoint. @default 10000 */
  readonly bodyTimeoutMs?: number
}

export interface RunningServer {
  readonly url: string
  readonly port: number
  readonly server: Server
  /** Takes no more connections, finishes what was accepted, then closes the engine. Idempotent. */
  close(options?: CloseOptions): Promise<void>
}

export interface CloseOptions {
  /** After it whatever still runs is cut off. @default 20000 */
  readonly graceMs?: number
}

/**
 * Listens, with the limits that a server of imnot's own has. Throws `ADMIN_KEY_REQUIRED` and `ADDRESS_IN_USE`.
 *
 * @example
 * const { url, close } = await serve(await createImnot({ partners: './partners' }), { port: 8000 })
 */
export async function serve(target: Imnot | Engine, options: ServeOptions = {}): Promise<RunningServer> {
  const { host = '127.0.0.1', port = 8000, tls, logger = silentLogger, insecureAdmin = false } = options
  const { adminKeys = [], bodyTimeoutMs = 10_000 } = options
  const engine = 'engine' in target ? target.engine : target
  const isGuarded = readAdminKeys(adminKeys).length > 0 || ('engine' in target && target.isGuarded)
  if (!isGuarded && !insecureAdmin && !isLoopbackHost(host)) throw keyRequired(host)

  const handler = toNodeHandler(engine, { logger, bodyTimeoutMs })
  // The types of node:http know a Buffer where Node takes any bytes.
  const server = tls === undefined ? createServer(limits) : createTlsServer({ ...limits, ...pem(tls) })
  server.on('request', handler)
  server.on('clientError', answerClientError)
  const sockets = trackSockets(server)
  await listen(server, host, port)
  const url = urlOf(server, tls === undefined ? 'http' : 'https', host)
  if ('engine' in target) target.listensAt(url)

  let closing: Promise<void> | undefined
  return {
    url,
    port: portOf(server),
    server,
    close({ graceMs = 20_000 } = {}) {
      engine.endStreams()
      closing ??= closeServer(server, sockets, graceMs).then(() => target.close())
      return closing
    },
  }
}

/** Uploads may take a minute; the bridge gives the bodies of mocked endpoints less. */
const limits = {
  headersTimeout: 5000,
  requestTimeout: 60_000,
  keepAliveTimeout: 5000,
  connectionsCheckingInterval: 1000,
  noDelay: true,
}

function pem({ cert, key }: NonNullable<ServeOptions['tls']>) {
  return { cert: Buffer.from(cert), key: Buffer.from(key) }
}

function trackSockets(server: Server): Set<Socket> {
  const sockets = new Set<Socket>()
  server.on('connection', (socket: Socket) => {
    sockets.add(socket)
    socket.once('close', () => sockets.delete(socket))
  })
  return sockets
}

function listen(server: Server, host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => reject(explainListenError(error, host, port)))
    server.listen({ host: host.replace(/^\[|\]$/g, ''), port }, resolve)
  })
}

async function closeServer(server: Server, sockets: ReadonlySet<Socket>, graceMs: number): Promise<void> {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()))
  // Node takes a connection that never sent a byte for a busy one, and one that never gets an answer is one.
  for (const socket of sockets) if (socket.bytesRead === 0 || isHeld(socket)) socket.destroy()
  // A connection that was busy is kept alive after its answer, unless it is asked again.
  const idle = setInterval(() => server.closeIdleConnections(), 20)
  const grace = setTimeout(() => server.closeAllConnections(), graceMs)
  await closed
  clearInterval(idle)
  clearTimeout(grace)
}

function portOf(server: Server): number {
  return (server.address() as AddressInfo).port
}

function urlOf(server: Server, scheme: string, host: string): string {
  const callable = wildcards[host] ?? host.replace(/^\[|\]$/g, '')
  return `${scheme}://${callable.includes(':') ? `[${callable}]` : callable}:${portOf(server)}`
}

const wildcards: Readonly<Record<string, string>> = { '0.0.0.0': '127.0.0.1', '::': '::1', '[::]': '::1' }

function keyRequired(host: string): ImnotError {
  return new ImnotError(
    'ADMIN_KEY_REQUIRED',
    `Listening on ${host} lets other machines reach the admin API, and it has no key; ` +
      'set IMNOT_ADMIN_KEY to at least 24 random characters, or listen on 127.0.0.1.',
  )
}

function explainListenError(error: NodeJS.ErrnoException, host: string, port: number): Error {
  const cause = error
  if (error.code === 'EADDRINUSE') {
    return new ImnotError(
      'ADDRESS_IN_USE',
      `Port ${port} on ${host} is in use by another process; stop it, or choose another port with --port or IMNOT_PORT.`,
      { cause },
    )
  }
  return new ImnotError('CONFIG_INVALID', `imnot cannot listen on ${host}, port ${port}: ${error.message}.`, { cause })
}
