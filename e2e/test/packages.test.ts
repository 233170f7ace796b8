import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdirSync } from 'node:fs'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { type Installation, installPacked, type Manifest, publishedManifests, workspace } from '../support/packed.ts'

const published = await publishedManifests()
const names = published.map(({ name }) => name)
/** What a program can import: every entry of every `exports`. */
const entries = published.flatMap(({ name, exports = {} }) =>
  Object.keys(exports).map((path) => (path === '.' ? name : `${name}/${path.slice(2)}`)),
)
const tsc = join(workspace, 'node_modules/typescript/bin/tsc')

let installed: Installation

beforeAll(async () => {
  installed = await installPacked()
}, 300_000)

afterAll(() => installed?.remove())

describe('the packed packages, installed by npm in an empty folder', () => {
  test('are all there are, each with one version, a README and the license', async () => {
    expect([...installed.manifests.keys()].sort()).toEqual([...names].sort())
    expect(new Set(published.map(({ version }) => version)).size).toBe(1)
    for (const name of names) {
      expect(await installed.filesOf(name), name).toEqual(
        expect.arrayContaining(['package/README.md', 'package/LICENSE', 'package/package.json']),
      )
    }
  })

  test.each(names)('%s says what npm and bundlers have to know', (name) => {
    const manifest = installed.manifests.get(name) as Manifest
    expect(manifest).toMatchObject({
      license: 'MIT',
      type: 'module',
      sideEffects: false,
      files: expect.arrayContaining(['dist']),
      engines: { node: '>=20.19.0' },
      repository: { type: 'git', directory: `packages/${name.split('/')[1]}` },
      publishConfig: { access: 'public', provenance: true },
    })
    expect(manifest.description).toMatch(/^.{20,}$/)
    const ranges = Object.entries({ ...manifest.dependencies, ...manifest.peerDependencies })
    // Released together; anything else may be chosen newer by whoever installs.
    for (const [dependency, range] of ranges) {
      const expected = dependency.startsWith('@imnot/') ? manifest.version : expect.stringMatching(/^[\^~]|\|\||^>=/)
      expect([dependency, range]).toEqual([dependency, expected])
    }
  })

  test('import as ES modules and as CommonJS modules, with the same names', async () => {
    await write(
      'names.mjs',
      `const found = {}
       for (const entry of ${JSON.stringify(entries)})
         found[entry] = entry.endsWith('.json')
           ? Object.keys((await import(entry, { with: { type: 'json' } })).default)
           : Object.keys(await import(entry))
       console.log(JSON.stringify(found))`,
    )
    await write(
      'names.cjs',
      `const found = {}
       for (const entry of ${JSON.stringify(entries)}) found[entry] = Object.keys(require(entry))
       console.log(JSON.stringify(found))`,
    )
    const esm = namesOf(await installed.run(process.execPath, ['names.mjs']))
    const cjs = namesOf(await installed.run(process.execPath, ['names.cjs']))
    expect(Object.keys(esm)).toEqual(entries)
    for (const entry of entries) expect(esm[entry], entry).not.toEqual([])
    expect(cjs).toEqual(esm)
  })

  // Classic resolution reads no `exports`: TypeScript 6 still has it, for those who ask.
  test.each([
    { kind: 'NodeNext', options: { module: 'NodeNext', moduleResolution: 'NodeNext' }, extensions: ['mts', 'cts'] },
    { kind: 'bundler', options: { module: 'ESNext', moduleResolution: 'bundler' }, extensions: ['ts'] },
    {
      kind: 'classic node',
      options: { module: 'CommonJS', moduleResolution: 'node10', ignoreDeprecations: '6.0' },
      extensions: ['ts'],
    },
  ])('have types that hold, all of them, under $kind resolution', async ({ kind, options, extensions }) => {
    const folder = `types-${kind.replace(' ', '-')}`
    for (const extension of extensions) await write(`${folder}/imports.${extension}`, typedImports(extension))
    await write(`${folder}/tsconfig.json`, tsconfig({ ...options, skipLibCheck: false }))
    expect(await installed.run(process.execPath, [tsc, '-p', folder])).toBe('')
  })

  test('have types at all: a wrong name is refused', async () => {
    await write('wrong/imports.mts', `import { createImnott } from '@imnot/node'\nexport { createImnott }\n`)
    await write('wrong/tsconfig.json', tsconfig({ module: 'NodeNext', moduleResolution: 'NodeNext' }))
    await expect(installed.run(process.execPath, [tsc, '-p', 'wrong'])).rejects.toThrow('createImnott')
  })

  test('have a README each, whose first program holds under their types', async () => {
    for (const name of names) {
      const readme = await readFile(join(installed.folder, 'node_modules', name, 'README.md'), 'utf8')
      const program = /^```ts\n([\s\S]*?)^```/m.exec(readme)?.[1]
      expect(program, `the README of ${name} has a program in TypeScript`).toBeDefined()
      await write(`readmes/${name.split('/')[1]}.mts`, program ?? '')
    }
    // What a reader of the testkit, and one of the adapter for Express, has besides.
    const paths = {
      vitest: [join(workspace, 'node_modules/vitest/dist/index.d.ts')],
      express: [join(workspace, 'packages/express/node_modules/@types/express/index.d.ts')],
    }
    await write('readmes/tsconfig.json', tsconfig({ module: 'NodeNext', moduleResolution: 'NodeNext', paths }))
    expect(await installed.run(process.execPath, [tsc, '-p', 'readmes'])).toBe('')
  })

  test('npx imnot tells its version, and what init writes is served from SQLite', async () => {
    expect(await installed.run('npx', ['--no-install', 'imnot', '--version'])).toBe(`${published[0]?.version}\n`)
    await installed.run('npx', ['--no-install', 'imnot', 'init', '--dir', 'project'])
    const bin = join(installed.folder, 'node_modules/@imnot/cli/bin/imnot.js')
    const server = spawn(process.execPath, [bin, 'start', '--json', '--port', '0', '--storage', 'sqlite:imnot.db'], {
      cwd: join(installed.folder, 'project'),
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    onTestFinished(() => void server.kill('SIGKILL'))
    const [line] = await once(createInterface(server.stdout), 'line')
    const response = await fetch(`${JSON.parse(String(line)).url}/staylink/reservations`, { method: 'POST' })
    expect(response.status).toBe(202)
  })
})

async function write(file: string, text: string): Promise<void> {
  const path = join(installed.folder, file)
  await mkdir(join(path, '..'), { recursive: true })
  await writeFile(path, text)
}

function namesOf(printed: string): Record<string, string[]> {
  const found = Object.entries(JSON.parse(printed) as Record<string, string[]>)
  // Marks that the module formats add themselves.
  const isOwn = (name: string) => !['__esModule', 'default', 'module.exports'].includes(name)
  return Object.fromEntries(found.map(([entry, all]) => [entry, all.filter(isOwn).sort()]))
}

/** A program that imports every entry, and fails to compile where one has no types. */
function typedImports(extension: string): string {
  const attribute = extension === 'mts' ? ` with { type: 'json' }` : ''
  const imports = entries.map((entry, index) =>
    entry.endsWith('.json')
      ? `import json${index} from '${entry}'${attribute}`
      : `import * as module${index} from '${entry}'`,
  )
  const uses = entries.map((entry, index) => `${entry.endsWith('.json') ? 'json' : 'module'}${index}`)
  // Whatever has no types is `any`: strict compilers refuse such an import by themselves.
  return [...imports, `export const all = [${uses.join(', ')}]`, ''].join('\n')
}

/** As a user's own, with the types of Node and of what else the workspace has for those who import our peers. */
function tsconfig(options: object): string {
  const holders = ['', ...foldersOf('packages'), ...foldersOf('examples')]
  const compilerOptions = {
    strict: true,
    noEmit: true,
    skipLibCheck: true,
    target: 'ES2022',
    lib: ['ES2023'],
    esModuleInterop: true,
    resolveJsonModule: true,
    types: ['node'],
    typeRoots: holders.map((holder) => join(workspace, holder, 'node_modules/@types')),
    ...options,
  }
  return JSON.stringify({ compilerOptions, include: ['.'] })
}

function foldersOf(kind: string): string[] {
  return readdirSync(join(workspace, kind)).map((name) => `${kind}/${name}`)
}
