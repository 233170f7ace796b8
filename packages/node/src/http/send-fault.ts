import type { ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import type { EngineResponse } from '@imnot/core'
import { writeHead } from './write-head.ts'

type Fault = NonNullable<EngineResponse['fault']>

/** Connections that an endpoint holds open without an answer; a server that closes waits for none of them. */
const held = new WeakSet<Socket>()

export function isHeld(socket: Socket): boolean {
  return held.has(socket)
}

/** Breaks the connection as the endpoint declares it. The client's own request is read to its end, so that it sees this fault and no other. */
export function sendFault(response: ServerResponse, answer: EngineResponse, isHead: boolean): void {
  const { socket, req } = response
  if (socket === null || socket.destroyed) return
  req.resume()
  const { fault = 'hang', body } = answer
  const hasBody = !isHead && body !== null && (body as Partial<Uint8Array>).byteLength !== 0
  if (fault === 'hang') held.add(socket)
  else if (fault === 'connection_reset') reset(socket)
  else if (fault === 'empty_response' || !hasBody) onceComplete(response, () => socket.destroySoon())
  else void sendHalf(response, answer, fault)
}

/** With a TCP reset. A TLS connection has no such thing of its own: there it ends without its farewell. */
function reset(socket: Socket): void {
  try {
    socket.resetAndDestroy()
  } catch {
    socket.destroy()
  }
}

/** Bytes that nobody has read would turn the end of a connection into a reset. */
function onceComplete({ req }: ServerResponse, act: () => void): void {
  if (req.complete) act()
  else req.once('end', act)
}

async function sendHalf(
  response: ServerResponse,
  { status, headers, body }: EngineResponse,
  fault: Fault,
): Promise<void> {
  const { socket } = response
  writeHead(response, status, fault === 'malformed_chunk' ? withoutLength(headers) : headers)
  response.write(await firstHalf(body), () => {
    if (fault === 'malformed_chunk') socket?.write('this is no chunk\r\n')
    onceComplete(response, () => socket?.destroySoon())
  })
}

/** Node frames in chunks what has no length. */
function withoutLength(headers: readonly string[]): readonly string[] {
  return headers.filter((_, index) => (headers[index - (index % 2)] ?? '').toLowerCase() !== 'content-length')
}

/** Of a stream, what comes first. */
async function firstHalf(body: EngineResponse['body']): Promise<Uint8Array> {
  if (body instanceof Uint8Array) return body.subarray(0, Math.floor(body.byteLength / 2))
  for await (const chunk of body ?? []) return chunk
  return new Uint8Array(0)
}
