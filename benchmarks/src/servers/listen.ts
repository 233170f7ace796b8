import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'

/**
 * Listens on a free port of the loopback and tells it to the parent process; whenever that asks, tells the processor time used.
 * When the parent is done, `remove` erases what a database was given.
 */
export function listen(server: Server, remove: () => Promise<unknown> = async () => {}): void {
  process.on('message', () => process.send?.({ cpu: process.cpuUsage() }))
  process.once('disconnect', () => remove().finally(() => process.exit(0)))
  server.listen(0, '127.0.0.1', () => process.send?.({ port: (server.address() as AddressInfo).port }))
}
