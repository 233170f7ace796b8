import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { createOutageWatch } from '../src/connection/outage-watch.ts'

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'setInterval', 'clearInterval', 'setImmediate', 'performance'] })
})

afterEach(() => {
  vi.useRealTimers()
})

const never = () => new Promise<never>(() => undefined)

function watchWith(probe: () => Promise<unknown>) {
  return createOutageWatch({ probe, isAnswer: () => false, outage: () => new Error('silent') })
}

test('a silent server is given up within a second', async () => {
  const watch = watchWith(never)
  const call = expect(watch.run(never, 0)).rejects.toThrow('silent')
  await vi.advanceTimersByTimeAsync(1000)
  await call
  expect(await watch.idle()).toBeUndefined()
})

test('a call that moves much is given up later, the others are not', async () => {
  const watch = watchWith(never)
  const outcomes: string[] = []
  watch.run(never, 2500).catch(() => outcomes.push('large'))
  watch.run(never, 0).catch(() => outcomes.push('small'))
  await vi.advanceTimersByTimeAsync(1000)
  expect(outcomes).toEqual(['small'])
  await vi.advanceTimersByTimeAsync(2500)
  expect(outcomes).toEqual(['small', 'large'])
})

test('while the server answers anything, a call may take as long as it takes', async () => {
  const probe = vi.fn(async () => undefined)
  const watch = watchWith(probe)
  const slow = watch.run(() => new Promise((resolve) => setTimeout(resolve, 30_000, 'done')), 0)
  await vi.advanceTimersByTimeAsync(30_000)
  expect(await slow).toBe('done')
  expect(probe.mock.calls.length).toBeLessThan(100)
})

test('answers to others make the question needless', async () => {
  const probe = vi.fn(never)
  const watch = watchWith(probe)
  const slow = watch.run(() => new Promise((resolve) => setTimeout(resolve, 5000, 'done')), 0)
  for (let answered = 0; answered < 25; answered++) {
    await watch.run(async () => undefined, 0)
    await vi.advanceTimersByTimeAsync(200)
  }
  expect(await slow).toBe('done')
  expect(probe).not.toHaveBeenCalled()
})
