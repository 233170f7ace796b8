import { ImnotError, type MountableImnot, mountImnot } from '@imnot/node'
import type { FastifyInstance, FastifyPluginAsync } from 'fastify'

export interface ImnotFastifyOptions {
  readonly imnot: MountableImnot
  /** Serve imnot below this path alone, such as `/mock`. @default '' */
  readonly prefix?: string
}

/**
 * Serves imnot beside the routes of a Fastify service. Register it on the service itself, before the routes and plugins that
 * it stands before. What imnot does not answer goes on as it came: no parser, schema, hook or not-found handler of the
 * service sees a difference. Rejects with `ADMIN_KEY_REQUIRED` where the admin API has no key and is not off.
 *
 * @example
 * const imnot = await createImnot({ partners: './partners', admin: false })
 * await fastify.register(imnotFastify, { imnot, prefix: '/mock' })
 */
export const imnotFastify: FastifyPluginAsync<ImnotFastifyOptions> = Object.assign(register, {
  // What fastify-plugin sets: the hook is the service's own and not that of a scope within it.
  [Symbol.for('skip-override')]: true,
  [Symbol.for('fastify.display-name')]: '@imnot/fastify',
  [Symbol.for('plugin-meta')]: { name: '@imnot/fastify', fastify: '5.x' },
})

async function register(fastify: FastifyInstance, { imnot, prefix = '' }: ImnotFastifyOptions): Promise<void> {
  if (isScope(fastify)) throw new ImnotError('CONFIG_INVALID', scoped)
  const bridge = mountImnot(imnot, { prefix })
  fastify.addHook('onRequest', (request, reply, done) => {
    const taken = bridge.match(request.raw)
    if (taken === null) done()
    else bridge.answer(taken, reply.raw, { fail: (error) => done(error as Error), answered: () => reply.hijack() })
  })
}

/** Within a scope a hook sees the requests of the scope's own routes, and so none of imnot's. */
function isScope(fastify: FastifyInstance): boolean {
  return Object.getPrototypeOf(fastify) !== Object.prototype
}

const scoped =
  'imnotFastify was registered within another plugin, where it would see no request of imnot; register it on the ' +
  'Fastify instance itself, with { imnot, prefix } to serve it below a path.'
