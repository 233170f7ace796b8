import { expect, test } from 'vitest'
import { retryAfterRule } from '../../src/conduct/rules/retry-after.ts'
import type { JournalEntry } from '../../src/journal/journal-entry.ts'

const limits = { pollIntervalMs: null, acknowledgeMs: 5000 }

function asked(at: number, url: string, more: object = {}): JournalEntry {
  const facts = { id: String(at), at, durationMs: 1, session: 's', sessionTime: null, partner: 'p', method: 'GET' }
  const answered = { url, status: 503, fault: null, flow: null, responseHeaders: [['retry-after', '10']] }
  return { facts: { ...facts, ...answered, ...more } } as unknown as JournalEntry
}

test('the next request of its kind is the same one again, or the next look at the flow', () => {
  const requests = [
    asked(0, '/jobs', { method: 'POST', flow: 'f' }),
    asked(1, '/jobs', { method: 'POST', flow: 'g' }),
    asked(2, '/jobs/f', { method: 'DELETE', flow: 'f' }),
    asked(3, '/jobs/f?x=1', { flow: 'f' }),
    asked(4, '/jobs/f', { flow: 'f', session: 't' }),
    asked(5, '/jobs/f', { flow: 'f', partner: 'q' }),
    asked(6, '/jobs/f', { flow: 'f' }),
  ]
  const { occasions, findings } = retryAfterRule.judge({ requests, deliveries: [] }, limits)
  expect(occasions).toBe(3)
  expect(findings.map((finding) => finding.requests)).toEqual([
    ['0', '1'],
    ['2', '3'],
    ['3', '6'],
  ])
})

test('ten thousand requests of which each is another one are judged at once', () => {
  const requests = Array.from({ length: 10_000 }, (_, at) => asked(at, `/busy/${at}`))
  const begun = performance.now()
  expect(retryAfterRule.judge({ requests, deliveries: [] }, limits)).toEqual({ occasions: 0, findings: [] })
  // Each looked for among all that come after it takes many seconds, in which nothing else is answered.
  expect(performance.now() - begun).toBeLessThan(3000)
})
