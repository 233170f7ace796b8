import { bareAnswer, bareInsert } from './servers/bare.ts'
import { barePostgres, bareRedis } from './servers/bare-databases.ts'
import { expressHost, fastifyHost } from './servers/hosts.ts'
import { imnot, imnotOnMemory, imnotOnPostgres, imnotOnRedis, imnotWithoutJournal } from './servers/imnot.ts'

/** The servers that are measured, each in a process of its own: `tsx src/serve.ts NAME`. */
const servers: Readonly<Record<string, () => void | Promise<void>>> = {
  bare: bareAnswer,
  insert: bareInsert,
  fastify: () => fastifyHost('none'),
  'fastify-imnot': () => fastifyHost('imnot'),
  'fastify-unjournaled': () => fastifyHost('imnot without a journal'),
  'fastify-beside': () => fastifyHost('imnot'),
  express: () => expressHost('none'),
  'express-imnot': () => expressHost('imnot'),
  'express-unjournaled': () => expressHost('imnot without a journal'),
  'express-beside': () => expressHost('imnot'),
  imnot: () => imnot(),
  'imnot-no-journal': imnotWithoutJournal,
  'imnot-memory': imnotOnMemory,
  'imnot-postgres': imnotOnPostgres,
  'imnot-redis': imnotOnRedis,
  'bare-postgres': barePostgres,
  'bare-redis': bareRedis,
  'imnot-10': () => imnot(10),
  'imnot-10000': () => imnot(10_000),
}

const name = process.argv[2] ?? ''
const server = servers[name]
if (server === undefined) throw new Error(`No server ${name}; there are ${Object.keys(servers).join(', ')}.`)
Promise.resolve(server()).catch((error: unknown) => {
  console.error(error)
  process.exit(1)
})
