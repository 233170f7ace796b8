#!/usr/bin/env node
import { existsSync } from 'node:fs'
import module from 'node:module'

// Node 22 and later keep what they compiled: the next start takes less. Where it cannot be kept, nothing is said.
module.enableCompileCache?.()

const main = new URL('../dist/cli.js', import.meta.url)
if (existsSync(main)) {
  await import(main.href)
} else {
  process.stderr.write('imnot is not built yet: run `npm run build` at the root of its repository\n')
  process.exitCode = 1
}
