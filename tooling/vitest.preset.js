import { defineConfig } from 'vitest/config'

/**
 * How every package is tested: against the sources of its neighbours, so that no build is needed. JavaScript, because
 * vite leaves imported packages to Node, and Node 20 loads no TypeScript.
 *
 * @param {import('vitest/config').ViteUserConfig['test']} [test]
 * @returns {import('vitest/config').ViteUserConfig}
 */
export function packageTests(test = {}) {
  return defineConfig({
    resolve: { conditions: ['imnot-source', 'module', 'node', 'import', 'default'] },
    // Node gets these as conditions of its own, for `require` too: with `import` among them it would load ES modules there.
    ssr: { resolve: { conditions: ['imnot-source'], externalConditions: ['imnot-source'] } },
    test: {
      include: ['test/**/*.test.ts'],
      testTimeout: 20_000,
      hookTimeout: 30_000,
      ...test,
    },
  })
}
