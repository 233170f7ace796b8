import { createImnot, type Imnot, serve } from '@imnot/node'
import { onTestFinished } from 'vitest'

/** A partner of `partners/`, as a server that is there until the test is over. `url` is what its client is given as base URL. */
export async function servePartner(name: string): Promise<{ readonly url: string; readonly imnot: Imnot }> {
  const imnot = await createImnot({ partners: `${import.meta.dirname}/../partners/${name}/partner.yaml` })
  const server = await serve(imnot, { port: 0 })
  onTestFinished(() => server.close())
  const faults = imnot.engine.definitions().failed.flatMap(({ diagnostics }) => diagnostics)
  if (faults.length > 0) {
    throw new Error(faults.map(({ file, line, column, message }) => `${file}:${line}:${column} ${message}`).join('\n'))
  }
  return { url: server.url, imnot }
}
