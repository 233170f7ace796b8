import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net'

export interface TcpProxy {
  readonly port: number
  /** Refuses connections, and cuts those that there are. */
  refuse(): Promise<void>
  /** Resets every connection, and takes new ones. */
  reset(): void
  /** Takes connections and bytes, and passes nothing on. With `answers` requests still arrive: only what is said to them is lost. */
  blackHole(lost?: 'everything' | 'answers'): void
  /** Resets the connection on which a client sends this text next. */
  cutAt(text: string): void
  /** Passes everything on again. Connections that lost bytes meanwhile stay silent. */
  heal(): Promise<void>
  close(): Promise<void>
}

/** Stands between a client and a server, and spoils what passes. */
export async function startTcpProxy(targetPort: number, targetHost = '127.0.0.1'): Promise<TcpProxy> {
  const pairs = new Set<readonly [Socket, Socket]>()
  let cut: string | null = null
  let lost: 'nothing' | 'everything' | 'answers' = 'nothing'
  let server = await listen(0)
  const { port } = server.address() as AddressInfo

  async function listen(wanted: number): Promise<Server> {
    const listening = createServer(join).listen(wanted, '127.0.0.1')
    await once(listening, 'listening')
    return listening
  }

  function join(client: Socket): void {
    const target = connect(targetPort, targetHost)
    const pair = [client, target] as const
    pairs.add(pair)
    let isSilent = false
    client.on('data', (bytes) => {
      if (cut !== null && bytes.includes(cut)) {
        cut = null
        client.resetAndDestroy()
        return
      }
      if (lost === 'everything') isSilent = true
      if (!isSilent) target.write(bytes)
    })
    target.on('data', (bytes) => {
      if (lost !== 'nothing') isSilent = true
      if (!isSilent) client.write(bytes)
    })
    for (const socket of pair) {
      socket.on('error', () => undefined)
      socket.on('close', () => {
        pairs.delete(pair)
        for (const one of pair) one.destroy()
      })
    }
  }

  function reset(): void {
    for (const [client] of pairs) client.resetAndDestroy()
  }

  async function refuse(): Promise<void> {
    if (!server.listening) return
    server.close()
    reset()
    await once(server, 'close')
  }

  return {
    port,
    reset,
    refuse,
    blackHole(what = 'everything') {
      lost = what
    },
    cutAt(text) {
      cut = text
    },
    async heal() {
      lost = 'nothing'
      if (!server.listening) server = await listen(port)
    },
    close: refuse,
  }
}
