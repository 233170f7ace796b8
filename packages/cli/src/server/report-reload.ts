import type { ReloadReport } from '@imnot/core'
import type { Terminal } from '../output/terminal.ts'

/** Tells what a reload did, and why a file goes on with its last good version. */
export function reportReload(terminal: Terminal, { added, changed, removed, failed }: ReloadReport): void {
  const parts = [
    ...added.map((partner) => `${partner} added`),
    ...changed.map((partner) => `${partner} changed`),
    ...removed.map((partner) => `${partner} removed`),
  ]
  if (parts.length > 0) terminal.out(`Reloaded: ${parts.join(', ')}.`)
  for (const { file, diagnostics } of failed) {
    terminal.note(`${file} is faulty; what was good before goes on being served:`)
    for (const diagnostic of diagnostics) terminal.note(`  ${diagnostic}`)
  }
}
