import { execFileSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))))

type Diagnostic = { severity: string; category: string; location: { path: string } }

const fourHundredAndOneLines = Array.from({ length: 401 }, (_, index) => `export const n${index} = 0`).join('\n')

/** Source files of a package, each with one statement that the lint must refuse by this rule. */
const forbidden: [folder: string, statement: string, rule?: string][] = [
  ['packages/schema/src', `import '@imnot/core'`],
  ['packages/schema/src', `import 'node:fs'`],
  ['packages/core/src', `import '@imnot/node'`],
  ['packages/core/src', `import '@imnot/storage-sqlite'`],
  ['packages/core/src', `import '@imnot/client'`],
  ['packages/core/src', `import '@imnot/postman'`],
  ['packages/core/src', `import 'node:fs'`],
  ['packages/core/src', `import 'node:fs/promises'`],
  ['packages/core/src', `import 'node:net'`],
  ['packages/core/src', `import 'node:http'`],
  ['packages/core/src', `import 'node:child_process'`],
  ['packages/core/src', `import 'fs'`, 'useNodejsImportProtocol'],
  ['packages/core/src', `await import('node:fs')`],
  ['packages/core/src', `export { serve } from '@imnot/node'`],
  ['packages/core/src', `import type { Imnot } from '@imnot/node'`],
  ['packages/storage-sqlite/src', `import '@imnot/schema'`],
  ['packages/storage-postgres/src', `import '@imnot/storage-sqlite'`],
  ['packages/storage-testkit/src', `import '@imnot/node'`],
  ['packages/node/src', `import '@imnot/storage-sqlite'`],
  ['packages/node/src', `import '@imnot/express'`],
  ['packages/node/src', `import '@imnot/cli'`],
  ['packages/express/src', `import '@imnot/core'`],
  ['packages/fastify/src', `import '@imnot/core'`],
  ['packages/postman/src', `import '@imnot/core'`],
  ['packages/client/src', `import '@imnot/node'`],
  ['packages/client/src', `import type { Storage } from '@imnot/core'`],
  ['packages/client/src', `import 'node:http'`],
  ['packages/core/src', `import '../../schema/src/model.ts'`],
  ['packages/core/src/flows', `import '../../../schema/src/model.ts'`],
  ['packages/core/test', `import '../../schema/src/model.ts'`],
  ['apps/server/src', `import '../../../packages/core/src/engine.ts'`],
  ['examples/standalone', `import '../../packages/core/dist/index.js'`],
  ['packages/core/src', `import './index.ts'`],
  ['packages/core/src/flows', `import '../index.ts'`],
  ['packages/cli/src/commands', `import '../index.ts'`],
  ['packages/core/src', `export * from './errors.ts'`, 'noReExportAll'],
  ['packages/core/src', `export default 1`, 'noDefaultExport'],
  ['packages/core/src', fourHundredAndOneLines, 'noExcessiveLinesPerFile'],
]

const allowed: [folder: string, statement: string][] = [
  ['packages/core/src', `import '@imnot/schema'`],
  ['packages/core/src', `import 'node:crypto'`],
  ['packages/core/src', `import 'node:buffer'`],
  ['packages/core/src', `import './index-of-routes.ts'`],
  ['packages/core/src/flows/steps', `import '../../errors.ts'`],
  ['packages/core/test/flows', `import '../../src/index.ts'`],
  ['packages/storage-sqlite/src', `import '@imnot/core'`],
  ['packages/storage-sqlite/src', `import 'node:fs'`],
  ['packages/storage-sqlite/test', `import '@imnot/storage-testkit'`],
  ['packages/node/src', `import '@imnot/client'`],
  ['packages/node/src', `import '@imnot/core'`],
  ['packages/node/src', `import '@imnot/schema'`],
  ['packages/node/src', `import '@imnot/postman'`],
  ['packages/node/src', `import 'node:http'`],
  ['packages/express/src', `import '@imnot/node'`],
  ['packages/postman/src', `import '@imnot/schema'`],
  ['packages/cli/src', `import '@imnot/node'`],
  ['packages/cli/src', `import '@imnot/storage-sqlite'`],
  ['apps/server/src', `import '@imnot/cli'`],
  ['packages/core', `export default 1`],
]

let scratch: string
let found: Map<string, string[]>

beforeAll(() => {
  scratch = realpathSync(mkdtempSync(join(tmpdir(), 'fences-')))
  for (const file of ['biome.json', '.gitignore', 'tooling/biome-fences.json'])
    cpSync(join(root, file), join(scratch, file))
  for (const [index, [folder, statement]] of forbidden.entries()) write(folder, name('forbidden', index), statement)
  for (const [index, [folder, statement]] of allowed.entries()) write(folder, name('allowed', index, folder), statement)
  found = lint()
})

afterAll(() => rmSync(scratch, { recursive: true, force: true }))

describe('the lint refuses', () => {
  test.each(forbidden.map((entry, index) => ({ entry, index })))('$entry.0: $entry.1', ({ entry, index }) => {
    const [folder, , rule = 'noRestrictedImports'] = entry
    expect(found.get(`${folder}/${name('forbidden', index)}`)).toContain(rule)
  })

  test('an import cycle', () => {
    expect(found.get('packages/core/src/cycle-a.ts')).toContain('noImportCycles')
  })
})

describe('the lint accepts', () => {
  test.each(allowed.map((entry, index) => ({ entry, index })))('$entry.0: $entry.1', ({ entry, index }) => {
    const [folder] = entry
    expect(found.get(`${folder}/${name('allowed', index, folder)}`) ?? []).toEqual([])
  })
})

function name(kind: string, index: number, folder = ''): string {
  return folder === 'packages/core' ? 'some.config.ts' : `${kind}-${index}.ts`
}

function write(folder: string, file: string, statement: string): void {
  mkdirSync(join(scratch, folder), { recursive: true })
  writeFileSync(join(scratch, folder, file), `${statement}\n`)
}

/** The rules that were broken in each file. */
function lint(): Map<string, string[]> {
  write('packages/core/src', 'cycle-a.ts', `import { b } from './cycle-b.ts'\nexport const a = b`)
  write('packages/core/src', 'cycle-b.ts', `import { a } from './cycle-a.ts'\nexport const b = a`)
  const report = join(scratch, 'report.json')
  const biome = join(root, 'node_modules', '@biomejs', 'biome', 'bin', 'biome')
  const args = ['lint', '.', '--max-diagnostics=none', '--reporter=json', `--reporter-file=${report}`]
  expect(() => execFileSync(process.execPath, [biome, ...args], { cwd: scratch, stdio: 'pipe' })).toThrow()
  const { diagnostics } = JSON.parse(readFileSync(report, 'utf8')) as { diagnostics: Diagnostic[] }
  const byFile = new Map<string, string[]>()
  for (const { severity, category, location } of diagnostics) {
    if (severity !== 'error') continue
    byFile.set(location.path, [...(byFile.get(location.path) ?? []), category.split('/').at(-1) ?? category])
  }
  return byFile
}
