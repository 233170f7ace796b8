import type { FeatureCompiler } from './feature.ts'

/** An endpoint that shows `flow.attempts` reads them with its flow; others do not pay for that. */
export const attemptsFeature: FeatureCompiler = ({ datapoint, endpoint }) => {
  const hasFlows = datapoint.endpoints.some((one) => 'step' in one)
  return hasFlows && /\battempts\b/.test(JSON.stringify(endpoint)) ? { readsAttempts: true } : null
}
