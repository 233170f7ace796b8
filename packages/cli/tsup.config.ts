import { packageBuild } from '@imnot/tooling/tsup'
import { defineConfig } from 'tsup'

/** Found where they are installed: what is compiled for a machine, and what a user may have in another version. */
const installed = ['better-sqlite3', 'pg', 'ioredis', 'chokidar']

export default defineConfig([
  packageBuild({ shims: true }),
  // The command itself is bundled, because finding and reading some three hundred files takes as long as all else before it listens.
  packageBuild({
    entry: ['src/cli.ts'],
    format: ['esm'],
    dts: false,
    clean: false,
    external: installed,
    noExternal: [new RegExp(`^(?!(?:node:|${installed.map((name) => `${name}(?:/|$)`).join('|')}))`)],
    minifySyntax: true,
    minifyWhitespace: true,
    // What came as CommonJS asks for Node's own modules by `require`.
    banner: {
      js: `import { createRequire as createRequireHere } from 'node:module'; const require = createRequireHere(import.meta.url);`,
    },
  }),
])
