import type { ConductRule } from '../conduct-rule.ts'
import { nameOf } from '../request-facts.ts'

export const stepsInOrderRule: ConductRule = {
  name: 'steps-in-order',
  expects: 'The steps of a flow are called in their order.',
  judge({ requests }) {
    const steps = requests.filter(({ facts }) => facts.step !== null && facts.flow !== null)
    const wrong = steps.filter(({ facts }) => facts.refusedBy === 'out_of_order')
    return {
      occasions: steps.length,
      findings: wrong.map((entry) => ({
        detail: `${nameOf(entry)} is step ${entry.facts.step} and came before an earlier step was done.`,
        requests: [entry.facts.id],
      })),
    }
  },
}
