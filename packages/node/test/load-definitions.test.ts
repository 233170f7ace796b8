import { chmod, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { loadDefinitions } from '../src/definitions/load-definitions.ts'

const definition = (partner: string) => `partner: ${partner}
datapoints:
  - name: status
    pattern: static
    endpoints:
      - method: GET
        path: /${partner}/status
        response:
          status: 200
          body: {"ok": true}
`

async function folderWith(files: Readonly<Record<string, string | Uint8Array>>): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'imnot-node-'))
  onTestFinished(() => rm(folder, { recursive: true, force: true }))
  for (const [path, content] of Object.entries(files)) {
    await mkdir(join(folder, path, '..'), { recursive: true })
    await writeFile(join(folder, path), content)
  }
  return folder
}

const names = (loaded: Awaited<ReturnType<ReturnType<typeof loadDefinitions>>>) =>
  loaded.parsed.map(({ definition }) => definition.partner)

test('reads NAME/partner.yaml and partner.yml of each folder, sorted, and nothing else', async () => {
  const cwd = await folderWith({
    'partners/beta/partner.yml': definition('beta'),
    'partners/acme/partner.yaml': definition('acme'),
    'partners/loose.yaml': definition('loose'),
    'partners/empty/readme.txt': 'no definition',
    'more/gamma/partner.yaml': definition('gamma'),
  })
  const loaded = await loadDefinitions(['partners', 'more'], { cwd })()
  expect(names(loaded)).toEqual(['acme', 'beta', 'gamma'])
  expect(loaded.parsed.map(({ file }) => file)).toEqual([
    join('partners', 'acme', 'partner.yaml'),
    join('partners', 'beta', 'partner.yml'),
    join('more', 'gamma', 'partner.yaml'),
  ])
  expect(loaded.failed).toEqual([])
})

test('a path may be the folder of one partner', async () => {
  const cwd = await folderWith({ 'acme/partner.yaml': definition('acme') })
  const { parsed } = await loadDefinitions(['acme'], { cwd })()
  expect(parsed.map(({ file }) => file)).toEqual([join('acme', 'partner.yaml')])
})

test('a path may be a file, and a folder may be a link', async () => {
  const cwd = await folderWith({ 'one.yaml': definition('one'), 'real/two/partner.yaml': definition('two') })
  await mkdir(join(cwd, 'partners'))
  await symlink(join(cwd, 'real/two'), join(cwd, 'partners/linked'))
  expect(names(await loadDefinitions(['one.yaml', 'partners'], { cwd })())).toEqual(['one', 'two'])
})

test('a missing folder has no definitions', async () => {
  expect(await loadDefinitions(['/nowhere/partners'])()).toEqual({ parsed: [], failed: [] })
})

test('a bad file among good ones fails alone, with its place', async () => {
  const cwd = await folderWith({
    'partners/acme/partner.yaml': definition('acme'),
    'partners/bad/partner.yaml': definition('bad').replace('pattern:', 'patern:'),
    'partners/folder/partner.yaml/x': 'a folder of that name',
    'partners/huge/partner.yaml': new Uint8Array(1_048_577),
    'partners/zeta/partner.yaml': definition('zeta'),
  })
  const loaded = await loadDefinitions(['partners'], { cwd })()
  expect(names(loaded)).toEqual(['acme', 'zeta'])
  const faults = loaded.failed.map(({ file, partner, diagnostics }) => [
    file,
    partner,
    diagnostics[0]?.code,
    diagnostics[0]?.line,
  ])
  expect(faults).toEqual([
    ['partners/bad/partner.yaml', 'bad', 'unknown-key', 4],
    ['partners/folder/partner.yaml', null, 'unreadable', 1],
    ['partners/huge/partner.yaml', null, 'too-large', 1],
  ])
})

test.skipIf(process.getuid?.() === 0)('a file without the right to read it fails alone', async () => {
  const cwd = await folderWith({ 'partners/acme/partner.yaml': definition('acme') })
  await chmod(join(cwd, 'partners/acme/partner.yaml'), 0)
  const { failed } = await loadDefinitions(['partners'], { cwd })()
  expect(failed[0]?.diagnostics[0]).toMatchObject({ code: 'unreadable', message: expect.stringContaining('EACCES') })
})

test('the second definition of a partner fails and names both places', async () => {
  const cwd = await folderWith({
    'partners/a/partner.yaml': definition('same'),
    'partners/b/partner.yaml': `# later\n${definition('same')}`,
  })
  const { parsed, failed } = await loadDefinitions(['partners'], { cwd })()
  expect(parsed.map(({ file }) => file)).toEqual(['partners/a/partner.yaml'])
  expect(failed[0]).toMatchObject({
    file: 'partners/b/partner.yaml',
    partner: 'same',
    diagnostics: [
      {
        code: 'duplicate-partner',
        line: 2,
        message: expect.stringMatching(
          /partners\/b\/partner\.yaml is already defined in partners\/a\/partner\.yaml:1:/,
        ),
        related: [{ file: 'partners/a/partner.yaml', line: 1 }],
      },
    ],
  })
})

test('each call reads anew, and what has not changed is not parsed again', async () => {
  const cwd = await folderWith({
    'partners/acme/partner.yaml': definition('acme'),
    'partners/beta/partner.yaml': definition('beta'),
  })
  const source = loadDefinitions(['partners'], { cwd })
  const first = await source()
  await writeFile(join(cwd, 'partners/beta/partner.yaml'), definition('beta').replace('200', '201'))
  await mkdir(join(cwd, 'partners/new'))
  await writeFile(join(cwd, 'partners/new/partner.yaml'), definition('new'))
  const second = await source()
  expect(names(second)).toEqual(['acme', 'beta', 'new'])
  expect(second.parsed[0]).toBe(first.parsed[0])
  expect(second.parsed[1]).not.toBe(first.parsed[1])
  await rm(join(cwd, 'partners/acme'), { recursive: true })
  expect(names(await source())).toEqual(['beta', 'new'])
})

test('1,000 partners load, all of them', async () => {
  const files = Object.fromEntries(
    Array.from({ length: 1000 }, (_, index) => [`partners/p${index}/partner.yaml`, definition(`p${index}`)]),
  )
  const cwd = await folderWith(files)
  const source = loadDefinitions(['partners'], { cwd })
  const loaded = await source()
  expect(loaded.parsed).toHaveLength(1000)
})
