import type { Session } from '@imnot/client'
import { columns } from '../../output/columns.ts'

/** A session that was made just now, and how to be in it. */
export function sessionRows(session: Session): string {
  return columns([
    ['session', session.id],
    ...(session.label === null ? [] : [['label', session.label]]),
    ['header', `X-Imnot-Session: ${session.id}`],
    ['base URL', session.baseUrl],
    ['token', session.token ?? ''],
    ...session.info.bindings.map(({ kind, value }) => ['bound to', `${kind} ${value}`]),
  ])
}
