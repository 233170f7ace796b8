import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** The first example of the language, as the documentation has it, and a second datapoint beside it. */
export const seed = `partner: acme
description: Acme property management system
datapoints:
  - name: data-sync
    pattern: async
    endpoints:
      - step: 1
        method: POST
        path: /external/jobs
        response:
          status: 202
          generates_id: true
          id_header: Location
          id_header_value: /external/jobs/{id}
      - step: 2
        method: HEAD
        path: /external/jobs/{id}
        response:
          status: 201
          headers:
            Status: COMPLETED
      - step: 3
        method: GET
        path: /external/jobs/{id}
        response:
          status: 200
          returns_payload: true
`

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
