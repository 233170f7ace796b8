import { createServer } from 'node:http'
import { createEngine, memoryStorage } from '@imnot/core'
import { imnotExpress } from '@imnot/express'
import { imnotFastify } from '@imnot/fastify'
import type { MountableImnot } from '@imnot/node'
import express from 'express'
import fastify from 'fastify'
import { measured } from '../definitions.ts'
import { parsed } from './imnot.ts'
import { listen } from './listen.ts'

export type Mounted = 'none' | 'imnot' | 'imnot without a journal'

const answer = { status: 'ok', items: [1, 2, 3] }

/** Express with the same answer at two routes; with imnot mounted, the first is imnot's and the second still its own. */
export async function expressHost(mounted: Mounted): Promise<void> {
  const app = express()
  if (mounted !== 'none') app.use(imnotExpress(await mountable(mounted)))
  for (const path of ['/hello', '/host']) {
    app.get(path, (_request, response) => {
      response.json(answer)
    })
  }
  listen(createServer(app))
}

/** As `expressHost`. */
export async function fastifyHost(mounted: Mounted): Promise<void> {
  const app = fastify()
  if (mounted !== 'none') await app.register(imnotFastify, { imnot: await mountable(mounted) })
  for (const path of ['/hello', '/host']) app.get(path, async () => answer)
  await app.ready()
  listen(app.server)
}

async function mountable(mounted: Mounted): Promise<MountableImnot> {
  const definitions = async () => ({ parsed: [parsed(measured, 0)], failed: [] })
  const journal = mounted === 'imnot' ? {} : false
  const engine = createEngine({ storage: memoryStorage(), definitions, admin: false, journal })
  await engine.start()
  return { engine, isGuarded: true }
}
