import type { DeliveryAttempt } from '../../deliveries/delivery-record.ts'
import type { ConductRule, Finding } from '../conduct-rule.ts'
import { seconds } from '../request-facts.ts'

export const callbacksAcknowledgedRule: ConductRule = {
  name: 'callbacks-acknowledged',
  expects: 'A callback is acknowledged with a status of 2xx, at the first attempt and in time.',
  judge({ deliveries }, { acknowledgeMs }) {
    const made = deliveries.filter(({ attempts }) => attempts.some(isOfConsumer))
    const findings: Finding[] = []
    for (const { id, url, attempts, status } of made) {
      const wrong = attempts
        .filter(isOfConsumer)
        .filter((attempt) => !isTaken(attempt) || attempt.durationMs > acknowledgeMs)
      const [first] = wrong
      if (first === undefined) continue
      const end = status === 'dead' ? ', and the callback was given up' : ''
      findings.push({
        detail: `${wrong.length} of ${attempts.length} attempts to call ${withoutQuery(url)} were not acknowledged: ${reasonOf(first, acknowledgeMs)}${end}.`,
        requests: [],
        deliveries: [id],
      })
    }
    return { occasions: made.length, findings }
  },
}

/** What imnot itself would not do is no fault of the receiver's. */
function isOfConsumer({ code }: DeliveryAttempt): boolean {
  return code !== 'EGRESS_DENIED'
}

function isTaken({ status }: DeliveryAttempt): boolean {
  return status !== null && status >= 200 && status < 300
}

function reasonOf({ status, error, durationMs }: DeliveryAttempt, acknowledgeMs: number): string {
  if (status === null) return error?.replace(/\.$/, '') ?? 'no answer came'
  if (status < 200 || status >= 300) return `the answer was ${status}`
  return `the answer took ${seconds(durationMs)}, more than ${seconds(acknowledgeMs)}`
}

function withoutQuery(url: string): string {
  return url.replace(/^([a-z][a-z0-9+.-]*:\/\/)[^/?#@]*@/i, '$1').split(/[?#]/)[0] ?? url
}
