import { once } from 'node:events'
import { type AddressInfo, createServer, type Server, type Socket, connect as tcpConnect } from 'node:net'
import { onTestFinished } from 'vitest'
import { addressOfServer, serverUrl } from './postgres-server.ts'

export interface TcpProxy {
  readonly url: string
  pass(): Promise<void>
  /** Breaks every connection and takes no new one. */
  refuse(): Promise<void>
  /** Accepts, and swallows all that is sent in either direction. */
  swallow(): void
  /** Breaks every connection. */
  reset(): void
  /** Breaks the connection on which a client sends this text next. */
  cutAt(text: string): void
}

/** Stands between a storage and the server, and is closed when the test ends. */
export async function startTcpProxy(): Promise<TcpProxy> {
  const sockets = new Set<Socket>()
  let isSwallowing = false
  let cut: string | null = null
  let server: Server | undefined
  let port = 0

  function track(socket: Socket): Socket {
    sockets.add(socket)
    socket.on('error', () => undefined)
    socket.on('close', () => sockets.delete(socket))
    return socket
  }

  function serve(client: Socket): void {
    const upstream = track(tcpConnect(addressOfServer()))
    track(client)
    client.on('data', (data) => {
      if (cut !== null && data.includes(cut)) {
        cut = null
        client.resetAndDestroy()
        upstream.destroy()
      } else if (!isSwallowing) upstream.write(data)
    })
    upstream.on('data', (data) => {
      if (!isSwallowing) client.write(data)
    })
    client.on('close', () => upstream.destroy())
    upstream.on('close', () => client.destroy())
  }

  function reset(): void {
    for (const socket of sockets) socket.resetAndDestroy()
  }

  async function listen(): Promise<void> {
    server = createServer(serve).listen(port, '127.0.0.1')
    await once(server, 'listening')
    port = (server.address() as AddressInfo).port
  }

  async function refuse(): Promise<void> {
    const closing = server
    server = undefined
    const closed = closing && once(closing, 'close')
    closing?.close()
    reset()
    await closed
  }

  await listen()
  onTestFinished(() => refuse())
  const url = new URL(serverUrl)
  url.host = `127.0.0.1:${port}`

  return {
    url: url.href,
    async pass() {
      // What was swallowed is missing in the streams for good.
      if (isSwallowing) reset()
      isSwallowing = false
      if (server === undefined) await listen()
    },
    refuse,
    swallow() {
      isSwallowing = true
    },
    reset,
    cutAt(text) {
      cut = text
    },
  }
}
