import type { Storage } from '@imnot/core'
import type { StorageHarness } from './harness.ts'
import { clockOf } from './storage-clock.ts'
import type { TestCase, TestContext } from './test-case.ts'

export interface OpenedTestContext {
  readonly context: TestContext
  /** Why the case cannot run on this storage; null when it can. */
  readonly missing: string | null
  end(): Promise<void>
}

/** A timer may fire a little early, and the storage's clock may be another than this process's. */
const ATTEMPTS = 20

export async function openTestContext(
  create: () => Promise<StorageHarness>,
  needs: TestCase['needs'],
): Promise<OpenedTestContext> {
  const harness = await create()
  const open = new Set<Storage>()

  async function opened(storage: Storage): Promise<Storage> {
    open.add(storage)
    await storage.init()
    return storage
  }

  await opened(harness.storage)

  const context: TestContext = {
    storage: harness.storage,

    async other() {
      return harness.second === undefined ? harness.storage : opened(await harness.second())
    },

    async reopen() {
      if (harness.reopen === undefined) throw new Error('The harness offers no reopen().')
      open.delete(harness.storage)
      await harness.storage.close()
      return opened(await harness.reopen())
    },

    async until(moment) {
      for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
        const missingMs = moment - (await clockOf(harness.storage))
        if (missingMs <= 0) return
        if (harness.advance) await harness.advance(missingMs)
        else await new Promise((resolve) => setTimeout(resolve, missingMs))
      }
      const clock = await clockOf(harness.storage)
      throw new Error(`The storage's clock should have reached ${moment} by now, but claim() tells ${clock}.`)
    },
  }

  return {
    context,
    missing: missingFrom(harness, needs),
    async end() {
      // A case about closing may have closed one already, and a further call is allowed to throw then.
      for (const storage of open) await storage.close().catch(() => undefined)
      await harness.destroy()
    },
  }
}

function missingFrom({ storage, reopen, second }: StorageHarness, needs: TestCase['needs']): string | null {
  if (needs === 'reopen' && reopen === undefined) return 'the harness offers no reopen()'
  if ((needs === 'second' || needs === 'hint') && second === undefined) return 'the harness offers no second()'
  if (needs === 'hint' && storage.hint === undefined) return 'the storage offers no hint()'
  return null
}
