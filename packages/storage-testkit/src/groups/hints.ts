import assert from 'node:assert/strict'
import type { Storage } from '@imnot/core'
import { putOne } from '../records-of.ts'
import type { TestGroup } from '../test-case.ts'

/** Hints may be missed, a storage that misses them all offers none. */
const TRIES = 20
const PATIENCE_MS = 500

export const hints: TestGroup = {
  name: 'hints',
  cases: [
    {
      title: 'a write elsewhere is noticed',
      needs: 'hint',
      async run({ storage, other }) {
        const listening = await listen(storage)
        assert.ok(await isNoticed(await other(), listening), 'no hint came')
        await listening.end()
      },
    },
    {
      title: 'a listener that was ended is not called, another one still is',
      needs: 'hint',
      async run({ storage, other }) {
        const [ended, lasting] = [await listen(storage), await listen(storage)]
        await ended.end()
        const callsAtEnd = ended.calls()
        assert.ok(await isNoticed(await other(), lasting), 'no hint came')
        assert.equal(ended.calls(), callsAtEnd)
        await lasting.end()
      },
    },
  ],
}

interface Listening {
  calls(): number
  /** Resolves with true at the next call, with false after a while without one. */
  next(): Promise<boolean>
  end(): Promise<void>
}

async function listen(storage: Storage): Promise<Listening> {
  assert.ok(storage.hint, 'the storage offers no hint')
  let calls = 0
  let wake: (() => void) | undefined
  const end = await storage.hint(() => {
    calls++
    wake?.()
  })
  return {
    calls: () => calls,
    next: () =>
      new Promise((resolve) => {
        const timer = setTimeout(() => resolve(false), PATIENCE_MS)
        wake = () => {
          clearTimeout(timer)
          resolve(true)
        }
      }),
    end: async () => end(),
  }
}

async function isNoticed(writer: Storage, listening: Listening): Promise<boolean> {
  for (let attempt = 0; attempt < TRIES; attempt++) {
    const noticed = listening.next()
    await putOne(writer, 'elsewhere', { value: attempt })
    if (await noticed) return true
  }
  return false
}
