import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { testStorage } from '@imnot/storage-testkit'
import { test } from 'vitest'
import { fileStorage } from '../src/file-storage.ts'

testStorage({
  name: 'a file of lines',
  test,
  create: async () => {
    const folder = await mkdtemp(join(tmpdir(), 'imnot-file-'))
    const path = join(folder, 'imnot.log')
    return {
      storage: fileStorage({ path }),
      reopen: async () => fileStorage({ path }),
      destroy: () => rm(folder, { recursive: true }),
    }
  },
})
