import { expect, test } from 'vitest'
import { isPassing, waitAfter, waitAsked } from '../../src/deliveries/retry-policy.ts'

const policy = { attempts: 5, backoff: 'exponential', firstMs: 1000, maxMs: 10_000 } as const

test('waits double up to the longest, or stay the same', () => {
  expect([1, 2, 3, 4, 5, 6, 500].map((failures) => waitAfter(policy, failures, 0))).toEqual([
    1000, 2000, 4000, 8000, 10_000, 10_000, 10_000,
  ])
  expect([1, 2, 9].map((failures) => waitAfter({ ...policy, backoff: 'fixed' }, failures, 0))).toEqual([
    1000, 1000, 1000,
  ])
})

test('a receiver may ask for a longer wait, for an hour at most, and not for a shorter one', () => {
  expect([10, 60_000, 9e9].map((askedMs) => waitAfter(policy, 1, askedMs))).toEqual([1000, 60_000, 3_600_000])
})

const now = Date.parse('2026-05-01T12:00:00Z')

test.each([
  ['7', 7000],
  [' 0 ', 0],
  ['Fri, 01 May 2026 12:01:30 GMT', 90_000],
  ['Fri, 01 May 2026 11:00:00 GMT', 0],
  ['soon', 0],
  ['-5', 0],
  ['', 0],
  [null, 0],
])('Retry-After %s asks for %i ms', (header, waitMs) => {
  expect(waitAsked(header, now)).toBe(waitMs)
})

test('a timeout, too many requests and faults of the server pass; everything else is a no', () => {
  const statuses = [100, 300, 301, 304, 307, 308, 400, 401, 404, 408, 409, 410, 422, 425, 429, 499, 500, 502, 503, 599]
  expect(statuses.filter(isPassing)).toEqual([408, 429, 500, 502, 503, 599])
})
