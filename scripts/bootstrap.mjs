/**
 * Everything that `npm start`, `npm test` and the other root scripts do, on a machine with only Node and npm:
 * fetch the pinned pnpm, install what the lockfile says, build what changed, run.
 */
import './bootstrap/node-version.mjs'
import { build } from './bootstrap/build.mjs'
import { check } from './bootstrap/check.mjs'
import { generate } from './bootstrap/generated.mjs'
import { install } from './bootstrap/install.mjs'
import { release } from './bootstrap/release.mjs'
import { benchmark, start, test } from './bootstrap/run.mjs'

const commands = {
  start: async (args) => {
    await install()
    await build({ only: '@imnot/cli' })
    return start(args)
  },
  test: async (args) => {
    await install()
    await build()
    return test(args)
  },
  build: async () => {
    await install()
    await build()
    return 0
  },
  check: async (args) => {
    await install()
    await build()
    return check(args)
  },
  generate: async () => {
    await install()
    await generate()
    return 0
  },
  release: async (args) => {
    await install()
    await build()
    return release(args)
  },
  benchmark: async (args) => {
    await install()
    await build()
    return benchmark(args)
  },
}

const [name, ...args] = process.argv.slice(2)
const command = Object.hasOwn(commands, name ?? '') ? commands[name] : undefined
if (!command) {
  console.error(`usage: node scripts/bootstrap.mjs ${Object.keys(commands).join('|')} [arguments]`)
  process.exit(2)
}
try {
  process.exitCode = await command(args)
} catch (error) {
  console.error(error?.phase ? error.message : error)
  process.exitCode = 1
}
