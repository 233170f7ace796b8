import type { PayloadPlace } from './payload-store.ts'

/** The remedy for a payload that is not there, for whoever has HTTP and for whoever has the command line. */
export function howToUpload({ partner, datapoint, session }: PayloadPlace): string {
  const http = `POST /imnot/admin/${partner}/${datapoint}/payload`
  const command = `imnot payload set ${partner} ${datapoint} FILE`
  if (session === null) return `upload one with ${http} or \`${command}\``
  return `upload one with ${http} and the header X-Imnot-Session: ${session}, or with \`${command} --session ${session}\``
}
