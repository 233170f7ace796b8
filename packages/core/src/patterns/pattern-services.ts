import { createGrantTexts } from '../oauth/grant.ts'
import { createPayloadBodies } from '../payloads/payload-bodies.ts'
import type { Clock } from '../ports/clock.ts'
import type { Storage } from '../ports/storage.ts'
import { createSecrets } from '../secrets.ts'
import type { ScopeClock } from '../time/scope-clock.ts'
import { stopwatches } from '../time/stopwatch.ts'
import { createTokens } from '../tokens/tokens.ts'
import type { PatternServices } from './pattern.ts'

export interface PatternServicesOptions {
  readonly storage: Storage
  readonly clock: Clock
  readonly environment: (name: string) => string | undefined
  /** The global clock as this node saw it last. */
  readonly globalClock: () => ScopeClock
}

/** What every pattern is given. */
export function createPatternServices(options: PatternServicesOptions): PatternServices {
  const { storage, clock, environment } = options
  const secrets = createSecrets(storage)
  return {
    storage,
    clock,
    environment,
    secrets,
    bodies: createPayloadBodies(),
    tokens: createTokens(secrets),
    grants: createGrantTexts(secrets),
    stopwatch: stopwatches(options),
  }
}
