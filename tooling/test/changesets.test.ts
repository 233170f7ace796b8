import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'

const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))))

function manifests() {
  return readdirSync(join(root, 'packages')).map((folder) =>
    JSON.parse(readFileSync(join(root, 'packages', folder, 'package.json'), 'utf8')),
  )
}

// The release workflow is the first that reads them; a broken one would be noticed after the merge.
test('every changeset says which packages it releases, how, and what users see', () => {
  const names: string[] = manifests().map(({ name }) => name)
  const files = readdirSync(join(root, '.changeset')).filter((file) => file.endsWith('.md') && file !== 'README.md')
  for (const file of files) {
    const text = readFileSync(join(root, '.changeset', file), 'utf8')
    const [, head = '', summary = ''] = /^---\n([\s\S]*?)\n---\n([\s\S]*)$/.exec(text) ?? []
    const releases = head.split('\n').map((line) => /^["']([^"']+)["']: (patch|minor|major)$/.exec(line)?.[1])
    expect(releases.length, file).toBeGreaterThan(0)
    for (const name of releases) expect(names, file).toContain(name)
    expect(summary.trim(), file).toMatch(/^.{20,}/)
  }
})

test('all packages are released together, each with a link back to its folder', () => {
  const config = JSON.parse(readFileSync(join(root, '.changeset/config.json'), 'utf8'))
  expect(config.fixed).toEqual([['@imnot/*']])
  for (const { name, repository } of manifests()) {
    expect([name, repository.directory]).toEqual([name, `packages/${name.split('/')[1]}`])
  }
})
