import { createImnot, type Imnot, serve } from '@imnot/node'
import { onTestFinished } from 'vitest'

/** A partner of `partners/`, as a server that is there until the test is over. `url` is what its client is given as base URL. */
export async function servePartner(name: string): Promise<{ readonly url: string; readonly imnot: Imnot }> {
  const imnot = await createImnot({ partners: `${import.meta.dirname}/../partners/${name}` })
  const server = await serve(imnot, { port: 0 })
  onTestFinished(() => server.close())
  return { url: server.url, imnot }
}
