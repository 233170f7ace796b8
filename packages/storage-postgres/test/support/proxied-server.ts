import { startTcpProxy, type TcpProxy } from '@imnot/tooling/servers/tcp-proxy'
import { onTestFinished } from 'vitest'
import { addressOfServer, serverUrl } from './postgres-server.ts'

export interface ProxiedServer extends TcpProxy {
  /** Of the server, through the proxy. */
  readonly url: string
}

/** The server of the tests behind a proxy that spoils what passes; it is closed when the test ends. */
export async function startProxiedServer(): Promise<ProxiedServer> {
  const { host, port } = addressOfServer()
  const proxy = await startTcpProxy(port, host)
  onTestFinished(() => proxy.close())
  const url = new URL(serverUrl)
  url.host = `127.0.0.1:${proxy.port}`
  return { ...proxy, url: url.href }
}
