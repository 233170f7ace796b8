/**
 * How every package is built: ESM and CJS, with types for both, for the oldest Node that is supported. JavaScript, because
 * tsup leaves imported packages to Node, and Node 20 loads no TypeScript.
 *
 * @param {import('tsup').Options} [options]
 * @returns {import('tsup').Options}
 */
export function packageBuild(options = {}) {
  return {
    entry: ['src/index.ts'],
    format: ['esm', 'cjs'],
    target: 'node20',
    platform: 'node',
    clean: true,
    sourcemap: false,
    splitting: true,
    // tsup 8 sets `baseUrl`, which TypeScript 6 deprecates.
    dts: { compilerOptions: { ignoreDeprecations: '6.0' } },
    ...options,
  }
}
