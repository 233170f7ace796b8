import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { emptyFolder, newProject, write } from './support/folder.ts'
import { run } from './support/run.ts'

interface Exported {
  readonly item: readonly { readonly name: string }[]
  readonly variable: readonly { readonly key: string; readonly value: string }[]
}

function partnersOf(text: string): string[] {
  const { item } = JSON.parse(text) as Exported
  return item.slice(1, -1).map(({ name }) => name)
}

test('export postman prints a collection of all partners, or of those that are named', async () => {
  const folder = await newProject()
  const all = await run(folder, ['export', 'postman'])
  expect([all.code, partnersOf(all.out)]).toEqual([0, ['bookingco', 'staylink']])
  expect((all.json as Exported).variable[0]).toMatchObject({ key: 'base_url', value: 'http://127.0.0.1:8000' })
  const one = await run(folder, ['export', 'postman', '--partner', 'staylink', '--base-url', 'https://mock.test/'])
  expect([one.code, partnersOf(one.out)]).toEqual([0, ['staylink']])
  expect((one.json as Exported).variable[0]).toMatchObject({ key: 'base_url', value: 'https://mock.test' })
})

test('export postman --out writes the file and says what to do with it', async () => {
  const folder = await newProject()
  const result = await run(folder, ['export', 'postman', '--out', 'c.json'])
  expect(result).toMatchObject({ code: 0, out: '', err: expect.stringContaining('Wrote c.json: 2 partners.') })
  expect(partnersOf(await readFile(join(folder, 'c.json'), 'utf8'))).toEqual(['bookingco', 'staylink'])
})

test('export postman names the nearest partner for one that is not there', async () => {
  const result = await run(await newProject(), ['export', 'postman', '--partner', 'staylnk'])
  expect(result).toMatchObject({ code: 1, out: '', err: 'There is no partner "staylnk"; did you mean "staylink"?\n' })
})

test('export postman says why its file cannot be written, and leaves nothing behind', async () => {
  const folder = await newProject()
  const path = await write(folder, 'taken/file', '')
  for (const out of [join(path, 'c.json'), 'taken']) {
    const result = await run(folder, ['export', 'postman', '--out', out])
    expect([result.code, result.out]).toEqual([1, ''])
    expect(result.err).toMatch(/cannot be written: .*Name another file with --out\.\n$/)
  }
})

test('export postman leaves out a broken file and names its fault; with nothing left it fails', async () => {
  const folder = await newProject()
  await write(folder, 'partners/broken/partner.yaml', 'partner: [')
  const result = await run(folder, ['export', 'postman'])
  expect([result.code, partnersOf(result.out)]).toEqual([0, ['bookingco', 'staylink']])
  expect(result.err).toContain('broken/partner.yaml:1:')
  expect(await run(emptyFolder(), ['export', 'postman'])).toMatchObject({
    code: 1,
    err: expect.stringContaining('imnot init'),
  })
})
