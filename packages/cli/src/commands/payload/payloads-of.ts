import type { ImnotApi, Payloads } from '@imnot/client'

/** The payloads of a session, by id or label, or the global ones. */
export async function payloadsOf(imnot: ImnotApi, session: string | undefined): Promise<Payloads> {
  return session === undefined ? imnot.payloads : (await imnot.sessions.get(session)).payloads
}
