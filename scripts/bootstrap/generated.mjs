import { PhaseError } from './child.mjs'
import { pnpm } from './pnpm.mjs'
import { filesBelow, hashContents, manifest, workspaceFolders } from './stamp.mjs'

const skip = ['node_modules', 'dist', '.turbo', 'coverage']

/** Runs the `generate` script of every package that has one. Resolves to the files that it changed. */
export async function generate() {
  const changed = []
  for (const folder of workspaceFolders().filter((folder) => manifest(folder).scripts?.generate)) {
    const before = snapshot(folder)
    await pnpm(`Generated the files of ${folder}`, ['--dir', folder, 'run', 'generate'])
    for (const [file, hash] of snapshot(folder)) if (before.get(file) !== hash) changed.push(file)
  }
  return changed
}

/** Fails when a generated file is not what its source says now: generated files are committed. */
export async function checkGenerated() {
  const changed = await generate()
  if (changed.length > 0) {
    throw new PhaseError(
      `✗ ${changed.join(', ')} did not fit the sources; regenerated just now: look at it and commit it`,
    )
  }
}

function snapshot(folder) {
  return new Map([...filesBelow(folder, skip), ...filesBelow('docs', skip)].map((file) => [file, hashContents([file])]))
}
