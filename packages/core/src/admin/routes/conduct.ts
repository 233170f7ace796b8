import { conductRules } from '../../conduct/registry.ts'
import { conductReport } from '../../conduct/report.ts'
import { refuse, respondJson } from '../../http/respond.ts'
import type { AdminServices } from '../admin.ts'
import type { AdminRequest, AdminRoute } from '../admin-route.ts'
import { parseDuration } from '../duration.ts'
import { refuseSession } from '../scope-of.ts'

const query = {
  poll_interval: 'The shortest time between two polls of a flow whose answers say none, such as `2s`',
  acknowledge_within: 'How soon a callback must be acknowledged (default: `5s`)',
}

const answers = { 200: 'The report', 400: 'A wrong duration', 404: 'No such session', 409: 'The journal is off' }

const mostRequests = 10_000
const usualAcknowledgeMs = 5000
/** Another node writes within so many milliseconds what it has answered. */
const othersMs = 300

/** Whether consumers behave as partners expect. */
export function conductRoutes({ journal, sessions, deliveries, clock }: AdminServices): AdminRoute[] {
  /** `session` absent: of every session and of what is in none. */
  async function report(request: AdminRequest, session: string | undefined) {
    if (journal === null)
      return refuse(409, 'The journal is off; let it be on with "journal: true" in imnot.yaml or IMNOT_JOURNAL=true.')
    const [poll, acknowledge] = [request.query.get('poll_interval'), request.query.get('acknowledge_within')]
    const pollIntervalMs = poll === null ? null : parseDuration(poll)
    const acknowledgeMs = acknowledge === null ? usualAcknowledgeMs : parseDuration(acknowledge)
    if ((poll !== null && pollIntervalMs === null) || acknowledgeMs === null)
      return refuse(400, 'poll_interval and acknowledge_within are durations such as 500ms or 2s.')
    await journal.recorder.flush()
    await clock.sleep(othersMs)
    const requests = await journal.store.read({ session, limit: mostRequests, fits: () => true })
    const since = session === undefined ? 0 : ((await sessions.find(session))?.value.createdAt ?? 0)
    return respondJson(
      200,
      conductReport(conductRules, {
        session: session ?? null,
        conversation: {
          requests: requests.reverse(),
          deliveries: await deliveries.list(session === undefined ? {} : { session }),
        },
        limits: { pollIntervalMs, acknowledgeMs },
        dropped: await journal.store.dropped(session, since),
      }),
    )
  }

  return [
    {
      method: 'GET',
      path: '/imnot/admin/sessions/{session_id}/report',
      summary:
        'Whether the consumer in the session behaved as partners expect, each finding with the requests that show it',
      access: 'session',
      query,
      answers,
      async handle(request) {
        const named = request.params.session_id ?? ''
        const session = (await sessions.find(named))?.value.id
        const isOthers = request.tokenSession !== null && session !== request.tokenSession
        return session === undefined || isOthers ? refuseSession(named) : report(request, session)
      },
    },
    {
      method: 'GET',
      path: '/imnot/admin/report',
      summary: 'The same of all requests in the journal',
      access: 'admin',
      query,
      answers,
      handle: (request) => report(request, undefined),
    },
  ]
}
