import { expect, test } from 'vitest'
import { createReceiverLines } from '../../src/deliveries/receiver-lines.ts'
import { manualClock } from '../support/manual-clock.ts'

function start(most = 10, mostForOne = 2) {
  const clock = manualClock()
  const log: string[] = []
  const ends = new Map<string, () => void>()
  const lines = createReceiverLines({ clock, most, mostForOne, onEnd: () => log.push('room') })
  const enter = (receiver: string, name: string) =>
    lines.enter(receiver, {
      run: () => {
        log.push(`begin ${name}`)
        return new Promise<void>((resolve) => ends.set(name, resolve))
      },
      handBack: (waitMs) => log.push(`back ${name} ${waitMs}`),
    })
  const end = async (name: string) => {
    ends.get(name)?.()
    await new Promise((resolve) => setImmediate(resolve))
  }
  return { clock, log, lines, enter, end }
}

test('a receiver gets so many at a time, the others in order as it has room, and waits for no other receiver', async () => {
  const { log, lines, enter, end } = start()
  for (const name of ['a1', 'a2', 'a3', 'a4']) enter('a', name)
  enter('b', 'b1')
  expect([log, lines.room()]).toEqual([['begin a1', 'begin a2', 'begin b1'], 5])
  await end('a2')
  expect(log.slice(3)).toEqual(['begin a3', 'room'])
  await end('a1')
  await end('a3')
  await end('a4')
  await end('b1')
  expect(lines.room()).toBe(10)
})

test('what waits for a receiver that hangs is handed back and makes room, later and later', async () => {
  const { clock, log, lines, enter } = start()
  for (const name of ['a1', 'a2', 'a3', 'a4']) enter('a', name)
  await clock.advance(1999)
  lines.review()
  expect(log).toEqual(['begin a1', 'begin a2'])
  await clock.advance(1)
  lines.review()
  enter('a', 'a5')
  expect(log.slice(2)).toEqual(['back a3 5000', 'back a4 5010', 'back a5 5020'])
  expect(lines.room()).toBe(8)
  enter('b', 'b1')
  expect(log.at(-1)).toBe('begin b1')
})

test('closing hands back what waits at once, and waits for what runs', async () => {
  const { log, lines, enter, end } = start(10, 1)
  enter('a', 'a1')
  enter('a', 'a2')
  const closing = lines.close().then(() => log.push('closed'))
  expect(log).toEqual(['begin a1', 'back a2 0'])
  await end('a1')
  await closing
  expect(log.slice(2)).toEqual(['room', 'closed'])
})
