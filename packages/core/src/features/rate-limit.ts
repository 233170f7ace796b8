import { createHmac } from 'node:crypto'
import type { DeclaredRateLimit } from '@imnot/schema'
import { refusal } from '../answers/refusal.ts'
import type { Exchange } from '../handling/exchange.ts'
import type { Moment } from '../handling/moment.ts'
import { keys } from '../keys.ts'
import type { CompileContext } from '../patterns/pattern.ts'
import { credentialsOf } from '../sessions/credentials.ts'
import type { FeatureCompiler } from './feature.ts'

/** What was counted for one request, and when its window ends, in milliseconds of the session's clock. */
interface Counted {
  readonly count: number
  readonly leftMs: number
}

/**
 * `rate_limit`: the requests of a window are counted in the storage, so that all nodes share them; those above the limit are
 * refused. Each request is counted once, however often its attempt is made again.
 */
export const rateLimitFeature: FeatureCompiler = (context) => {
  const declared = context.endpoint.rate_limit
  if (declared === undefined || declared === false) return null
  const limit = declared.limit ?? declared.requests_per_minute ?? 1
  const windowMs = declared.per ?? 60_000
  const counts = new WeakMap<Exchange, Counted>()
  return {
    async before(moment) {
      const counted = counts.get(moment.exchange) ?? (await countRequest(context, declared, windowMs, moment))
      counts.set(moment.exchange, counted)
      if (counted.count <= limit) return null
      const seconds = secondsOf(counted.leftMs)
      return refusal(
        'rate_limited',
        `More than ${limit} requests came within ${spoken(windowMs)}; wait ${seconds} s, or advance the clock of the session.`,
        { headers: ['retry-after', String(seconds)], more: { limit, retry_after: seconds } },
      )
    },
    respond(response, { exchange }) {
      const counted = counts.get(exchange)
      if (counted === undefined) return response
      const remaining = Math.max(0, limit - counted.count)
      const told = { limit, remaining, reset: secondsOf(counted.leftMs) }
      const headers = Object.entries(told).flatMap(([name, value]) => [`ratelimit-${name}`, String(value)])
      return { ...response, headers: [...response.headers, ...headers] }
    },
  }
}

async function countRequest(
  context: CompileContext,
  { by, of }: DeclaredRateLimit,
  windowMs: number,
  { exchange, situation }: Moment,
): Promise<Counted> {
  const { partner, datapoint, position, services } = context
  const place = [partner, datapoint.name, String(position)].slice(0, { partner: 1, datapoint: 2, endpoint: 3 }[of])
  const { now } = situation.clock
  const window = Math.floor(now / windowMs)
  const who = by === 'session' ? '' : await identityOf(exchange, by, services)
  const key = keys.counter(situation.scope, 'rate', ...place, who, `${windowMs}-${window}`)
  // A clock that stands keeps a window open for as long as somebody works in it.
  const ttlMs = Math.max(2 * windowMs, 3_600_000)
  const count = await services.storage.increment(key, { ttlMs, by: exchange.passive ? 0 : 1 })
  return { count, leftMs: (window + 1) * windowMs - now }
}

/** A credential is kept as an HMAC alone. */
async function identityOf(
  exchange: Exchange,
  by: 'token' | 'ip',
  { secrets }: CompileContext['services'],
): Promise<string> {
  const credential = by === 'ip' ? undefined : credentialsOf(exchange).find(({ kind }) => kind !== 'host')
  if (credential === undefined) return `ip ${exchange.request.remoteAddress ?? ''}`
  const secret = await secrets.bytes('rate-limit-key')
  return createHmac('sha256', secret).update(credential.value).digest('hex')
}

function secondsOf(milliseconds: number): number {
  return Math.max(1, Math.ceil(milliseconds / 1000))
}

function spoken(milliseconds: number): string {
  return milliseconds % 1000 === 0 ? `${milliseconds / 1000} s` : `${milliseconds} ms`
}
