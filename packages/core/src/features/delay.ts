import type { DeclaredDelay } from '@imnot/schema'
import type { FeatureCompiler } from './feature.ts'

/** `delay`: the answer waits, once everything is written. */
export const delayFeature: FeatureCompiler = ({ endpoint, services }) => {
  const { delay } = endpoint
  if (delay === undefined || delay === 0) return null
  return {
    isStateless: true,
    async respond(response, { situation }) {
      await services.stopwatch(situation.clock)(lengthOf(delay))
      return response
    },
  }
}

/** In milliseconds. */
function lengthOf(delay: DeclaredDelay): number {
  if (typeof delay === 'number') return delay
  const { min = 0, max = 0, median, sigma = 0 } = delay
  return median === undefined ? min + Math.random() * (max - min) : median * Math.exp(sigma * normal())
}

/** Of mean 0 and deviation 1, by Box and Muller. */
function normal(): number {
  return Math.sqrt(-2 * Math.log(1 - Math.random())) * Math.cos(2 * Math.PI * Math.random())
}
