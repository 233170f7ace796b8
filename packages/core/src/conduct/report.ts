import type { JsonValue } from '../ports/storage.ts'
import type { ConductLimits, ConductRule, Conversation } from './conduct-rule.ts'

export interface ReportInput {
  readonly session: string | null
  readonly conversation: Conversation
  readonly limits: ConductLimits
  /** Requests that came and were not written down. */
  readonly dropped: number
}

/**
 * How a consumer has behaved, as the admin API shows it. `incomplete` where nothing was found but some requests were not
 * written down, so that nobody can tell.
 */
export function conductReport(rules: readonly ConductRule[], input: ReportInput): JsonValue {
  const { session, conversation, limits, dropped } = input
  const judged = rules.map((rule) => {
    const { occasions, findings } = rule.judge(conversation, limits)
    return {
      rule: rule.name,
      expects: rule.expects,
      verdict: findings.length > 0 ? 'violated' : occasions > 0 ? 'ok' : 'no_occasion',
      occasions,
      findings: findings.map(({ detail, requests, deliveries = [] }) => ({ detail, requests, deliveries })),
    }
  })
  const isViolated = judged.some(({ verdict }) => verdict === 'violated')
  return {
    session_id: session,
    verdict: isViolated ? 'violated' : dropped > 0 ? 'incomplete' : 'ok',
    requests: conversation.requests.length,
    dropped,
    rules: judged,
  }
}
