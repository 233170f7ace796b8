import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'

/** Listens on a free port of the loopback and tells it to the parent process; whenever that asks, tells the processor time used. */
export function listen(server: Server): void {
  process.on('message', () => process.send?.({ cpu: process.cpuUsage() }))
  server.listen(0, '127.0.0.1', () => process.send?.({ port: (server.address() as AddressInfo).port }))
}
