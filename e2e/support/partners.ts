import { readFileSync } from 'node:fs'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** The first example of the language, as the standalone example serves it. */
export const seed = readFileSync(
  new URL('../../examples/standalone/partners/acme/partner.yaml', import.meta.url),
  'utf8',
)

/** A folder of partners by their names; `remove` erases it. */
export async function partnersFolder(definitions: Readonly<Record<string, string>>) {
  const home = await mkdtemp(join(tmpdir(), 'imnot-e2e-'))
  const folder = join(home, 'partners')
  for (const [name, text] of Object.entries(definitions)) {
    await mkdir(join(folder, name), { recursive: true })
    await writeFile(join(folder, name, 'partner.yaml'), text)
  }
  return { folder, home, remove: () => rm(home, { recursive: true, force: true }) }
}
