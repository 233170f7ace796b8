import { join } from 'node:path'
import { foreground } from './child.mjs'
import { root } from './paths.mjs'
import { toolEnvironment } from './pnpm.mjs'

const windows = process.platform === 'win32'

/** Serves examples/standalone; further arguments go to `imnot start`. */
export function start(args) {
  const example = join(root, 'examples', 'standalone')
  const command = join(root, 'packages', 'cli', 'bin', 'imnot.js')
  return foreground(process.execPath, [command, 'start', ...args], { cwd: example, ownGroup: true })
}

/** Runs the tests of every package; further arguments go to vitest. */
export function test(args) {
  return foreground(process.execPath, ['node_modules/vitest/vitest.mjs', 'run', ...args], { env: toolEnvironment() })
}

/** Runs the `benchmark` script of benchmarks/; further arguments go to it. */
export function benchmark(args) {
  return foreground('pnpm', ['--dir', 'benchmarks', 'run', 'benchmark', ...args], {
    env: toolEnvironment(),
    shell: windows,
  })
}
