import { createServer, type RequestListener, type Server } from 'node:http'
import { type AddressInfo, connect, type Socket } from 'node:net'
import { onTestFinished } from 'vitest'
import type { BridgedEngine } from '../src/http/bridge.ts'

/** A server on a free port, which closes itself with the test. */
export async function listening(listener: RequestListener): Promise<{ server: Server; port: number; url: string }> {
  const server = createServer(listener)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  const { port } = server.address() as AddressInfo
  return { server, port, url: `http://127.0.0.1:${port}` }
}

/** Writes bytes as they stand and resolves with all that comes until the connection ends or `isEnough`. */
export function exchange(port: number, request: string, isEnough = (_text: string) => false): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1', () => socket.write(request))
    let text = ''
    const done = () => {
      socket.destroy()
      resolve(text)
    }
    socket.on('data', (chunk) => {
      text += chunk
      if (isEnough(text)) done()
    })
    socket.on('end', done)
    socket.on('error', reject)
    onTestFinished(() => void socket.destroy())
  })
}

export function connected(port: number): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1', () => resolve(socket))
    socket.on('error', reject)
    onTestFinished(() => void socket.destroy())
  })
}

type Handle = BridgedEngine['handle']

/** An engine that owns every path below /mock and `/imnot`, and answers as it is told. */
export function fakeEngine(handle: Handle): BridgedEngine {
  return {
    match(_method, url) {
      if (url.startsWith('/imnot'))
        return { kind: 'admin', isHealth: false, route: null, params: {}, pathAndQuery: url }
      return url.startsWith('/mock') ? { kind: 'miss' } : null
    },
    handle,
    notFound: (_method, url) => text(404, `nothing at ${url}`),
  }
}

export function text(status: number, body: string, headers: readonly string[] = []) {
  const bytes = Buffer.from(body)
  return { status, headers: [...headers, 'content-length', String(bytes.byteLength)], body: bytes }
}

export async function readAll(body: AsyncIterable<Uint8Array> | null): Promise<string> {
  const chunks: Uint8Array[] = []
  for await (const chunk of body ?? []) chunks.push(chunk)
  return Buffer.concat(chunks).toString()
}

/** A promise that a test settles. */
export function deferred<T = void>() {
  let resolve: (value: T) => void = () => {}
  const promise = new Promise<T>((settle) => {
    resolve = settle
  })
  return { promise, resolve }
}
