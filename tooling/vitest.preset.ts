import { defineConfig, type ViteUserConfig } from 'vitest/config'

const conditions = ['imnot-source', 'module', 'node', 'import', 'default']

/** How every package is tested: against the sources of its neighbours, so that no build is needed. */
export function packageTests(test: ViteUserConfig['test'] = {}): ViteUserConfig {
  return defineConfig({
    resolve: { conditions },
    ssr: { resolve: { conditions, externalConditions: conditions } },
    test: {
      include: ['test/**/*.test.ts'],
      testTimeout: 20_000,
      hookTimeout: 30_000,
      ...test,
    },
  })
}
