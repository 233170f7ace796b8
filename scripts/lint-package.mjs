/**
 * Packs the package of the current folder as it will be published and checks the tarball: publint and attw on it, no
 * workspace-only name left in its manifest, no source or test in it. Needs the package to be built.
 */
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const windows = process.platform === 'win32'
const modules = join(dirname(dirname(fileURLToPath(import.meta.url))), 'node_modules')
const scratch = mkdtempSync(join(tmpdir(), 'lint-package-'))
let failed = false

try {
  const tarball = join(scratch, 'package.tgz')
  execFileSync('pnpm', ['pack', '--out', tarball], { stdio: 'pipe', shell: windows })
  execFileSync('tar', ['-xzf', tarball, '-C', scratch])

  const files = execFileSync('tar', ['-tzf', tarball], { encoding: 'utf8' }).split('\n').filter(Boolean)
  const stray = files.filter((file) => !/^package\/((dist|bin|templates)\/.+|[^/]+\.(json|md)|LICENSE)$/.test(file))
  expect(stray.length === 0, `the tarball holds ${stray.join(', ')}: name in "files" only what users need`)

  const manifest = readFileSync(join(scratch, 'package', 'package.json'), 'utf8')
  expect(!manifest.includes('imnot-source'), 'the published exports hold the imnot-source condition: see publishConfig')
  expect(!manifest.includes('workspace:'), 'the published manifest holds a workspace: range')

  run('publint/src/cli.js', ['--strict', tarball])
  run('@arethetypeswrong/cli/dist/index.js', [tarball, '--profile', 'node16', '--no-emoji'])
} finally {
  rmSync(scratch, { recursive: true, force: true })
}
process.exitCode = failed ? 1 : 0

function run(file, args) {
  try {
    execFileSync(process.execPath, [join(modules, file), ...args], { stdio: 'inherit' })
  } catch {
    failed = true
  }
}

function expect(holds, message) {
  if (holds) return
  console.error(message)
  failed = true
}
