import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createImnot } from '@imnot/node'
import { expect, onTestFinished, test } from 'vitest'
import { watchPartners } from '../src/server/watch-partners.ts'
import { newProject } from './support/folder.ts'

test('what changed between the first reading and the watching is served once it watches', async () => {
  const partners = join(await newProject(), 'partners')
  const imnot = await createImnot({ partners })
  onTestFinished(() => imnot.close())
  const file = join(partners, 'bookingco/partner.yaml')
  await writeFile(file, (await readFile(file, 'utf8')).replace('/bookingco/v1/room-types', '/bookingco/v2/room-types'))
  const errors: unknown[] = []
  const endWatch = await watchPartners({
    folder: partners,
    reload: imnot.reload,
    onReload: () => {},
    onError: (error) => errors.push(error),
  })
  onTestFinished(endWatch)
  expect((await imnot.fetch('/bookingco/v2/room-types')).status).toBe(200)
  expect(errors).toEqual([])
})
