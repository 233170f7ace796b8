import { turbo } from './build.mjs'
import { phase } from './child.mjs'
import { checkGenerated } from './generated.mjs'
import { toolEnvironment } from './pnpm.mjs'

const checks = {
  lint: () =>
    tool('Lint, format and import fences', '@biomejs/biome/bin/biome', ['check', '.', '--max-diagnostics=200']),
  typecheck: () => turbo('Types', ['typecheck', '--continue']),
  knip: () =>
    tool('Unused files, exports and dependencies', 'knip/bin/knip.js', ['--no-progress', '--no-config-hints']),
  packages: () => turbo('Published packages', ['lint:package', '--continue']),
  generated: () => checkGenerated(),
}

/** Runs the checks that `names` name, by default all, also after one failed. Resolves to an exit code. */
export async function check(names) {
  const unknown = names.filter((name) => !Object.hasOwn(checks, name))
  if (unknown.length > 0) {
    console.error(`no check is named ${unknown.join(' or ')}; there are ${Object.keys(checks).join(', ')}`)
    return 2
  }
  let failed = 0
  for (const name of names.length > 0 ? names : Object.keys(checks)) {
    try {
      await checks[name]()
    } catch (error) {
      console.error(error.phase ? error.message : error)
      failed += 1
    }
  }
  return failed === 0 ? 0 : 1
}

function tool(title, file, args) {
  return phase(title, process.execPath, [`node_modules/${file}`, ...args], { env: toolEnvironment() })
}
