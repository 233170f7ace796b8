import type { ViteUserConfig } from 'vitest/config'

export declare function packageTests(test?: ViteUserConfig['test']): ViteUserConfig
