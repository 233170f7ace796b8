import { execFileSync } from 'node:child_process'
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { foreground, PhaseError, phase } from './child.mjs'
import { root } from './paths.mjs'
import { toolEnvironment } from './pnpm.mjs'

const windows = process.platform === 'win32'

/** The first npm that asks the registry for a right to publish by the workflow's own identity (trusted publishing). */
const leastNpm = [11, 5, 1]

/**
 * Publishes every package whose version the registry does not have, each as the tarball that `pnpm pack` makes: npm itself
 * knows neither `workspace:` ranges nor `publishConfig.exports`. `--dry-run` does all but the upload.
 */
export async function release(args) {
  const unknown = args.filter((arg) => arg !== '--dry-run')
  if (unknown.length > 0) {
    console.error(`release takes --dry-run, not ${unknown.join(' ')}`)
    return 2
  }
  const isDry = args.includes('--dry-run')
  if (!isDry) checkNpm()
  const scratch = mkdtempSync(join(tmpdir(), 'imnot-release-'))
  try {
    const pack = ['--filter', './packages/*', '--recursive', 'pack', '--pack-destination', scratch]
    await phase('Packages packed', 'pnpm', pack, { env: toolEnvironment(), shell: windows })
    const packed = readdirSync(scratch).map((file) => readTarball(join(scratch, file)))
    for (const { file, manifest } of inOrder(packed)) {
      const release = `${manifest.name}@${manifest.version}`
      if (!isDry && isPublished(release)) {
        console.error(`- ${release} is there already`)
        continue
      }
      const options = isDry ? ['--dry-run'] : ['--provenance']
      const code = await foreground('npm', ['publish', file, '--access', 'public', ...options], { shell: windows })
      if (code !== 0) return code
    }
    return 0
  } finally {
    rmSync(scratch, { recursive: true, force: true })
  }
}

function checkNpm() {
  const version = npm(['--version']).trim()
  const parts = version.split('.').map(Number)
  const different = leastNpm.findIndex((part, index) => part !== parts[index])
  if (different < 0 || parts[different] > leastNpm[different]) return
  throw new PhaseError(
    `✗ npm ${version} cannot publish without a token; use npm ${leastNpm.join('.')} or newer, which comes with Node 24.`,
  )
}

function readTarball(file) {
  const manifest = execFileSync('tar', ['-xzOf', file, 'package/package.json'], { encoding: 'utf8' })
  return { file, manifest: JSON.parse(manifest) }
}

/** A package after those that it needs, so that none can be installed before they can. */
function inOrder(packed) {
  const ordered = []
  const visit = (one) => {
    if (ordered.includes(one)) return
    const needed = Object.keys({ ...one.manifest.dependencies, ...one.manifest.peerDependencies })
    for (const other of packed) if (needed.includes(other.manifest.name)) visit(other)
    ordered.push(one)
  }
  for (const one of packed) visit(one)
  return ordered
}

function isPublished(release) {
  try {
    return npm(['view', release, 'version', '--json']).trim() !== ''
  } catch (error) {
    if (String(error.stdout).includes('E404')) return false
    throw new PhaseError(`✗ The registry did not say whether it has ${release}:\n${error.stderr}`)
  }
}

function npm(args) {
  return execFileSync('npm', args, { cwd: root, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'], shell: windows })
}
