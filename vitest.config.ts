import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    projects: ['{packages,apps,examples}/*/vitest.config.{ts,mts}', '{e2e,benchmarks,tooling}/vitest.config.ts'],
    retry: 0,
  },
})
