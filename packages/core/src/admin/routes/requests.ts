import { isXmlType } from '../../http/media-type.ts'
import type { EngineResponse } from '../../http/messages.ts'
import { refuse, respondJson } from '../../http/respond.ts'
import { describeEntry } from '../../journal/describe-entry.ts'
import { follow } from '../../journal/follow.ts'
import type { Journal } from '../../journal/journal.ts'
import type { JournalEntry, JournalFacts } from '../../journal/journal-entry.ts'
import { readVerification, verify } from '../../journal/verify.ts'
import { loadLibrary, withLibraries } from '../../libraries.ts'
import type { AdminServices } from '../admin.ts'
import type { AdminRequest, AdminRoute } from '../admin-route.ts'
import { readJsonObject } from '../read-json.ts'
import { scopeOf } from '../scope-of.ts'

const filters = {
  partner: 'Only those of this partner',
  datapoint: 'Only those of this datapoint',
  session: 'Only those in this session, by id or label; empty for those in none',
  flow: 'Only those of the flow with this id',
  status: 'Only those answered with this status, such as `404`, or `4xx`',
  unmatched: '`true`: only those that no route matched',
}

const mostEntries = 10_000
/** Another node writes within so many milliseconds what it has answered. */
const othersMs = 300

/** The requests that consumers have made, and what answered them. */
export function requestRoutes({ journal, sessions, storage, clock }: AdminServices): AdminRoute[] {
  type Handle = (request: AdminRequest, journal: Journal) => Promise<EngineResponse>
  const withJournal = (handle: Handle) => (request: AdminRequest) =>
    journal === null
      ? refuse(409, 'The journal is off; let it be on with "journal: true" in imnot.yaml or IMNOT_JOURNAL=true.')
      : handle(request, journal)

  /** Absent: every session and the global scope. */
  async function scopeNamed(request: AdminRequest, named: string | null) {
    if (named === '' && request.tokenSession === null) return { session: null }
    const scope = await scopeOf(request, sessions, named === '' ? null : named)
    return 'refusal' in scope ? scope : { session: scope.session ?? undefined }
  }

  return [
    {
      method: 'GET',
      path: '/imnot/admin/requests',
      summary: 'The journal: requests received and what answered them, newest first',
      access: 'session',
      query: { ...filters, limit: 'At most so many, up to 10000 (default: 100)' },
      answers: {
        200: '`requests`, and in `dropped` how many more came than could be written down',
        400: 'A wrong filter',
        404: 'No such session',
        409: 'The journal is off',
      },
      handle: withJournal(async (request, { recorder, store }) => {
        const fits = readFilter(request.query)
        if (typeof fits === 'string') return refuse(400, fits)
        const limit = Number(request.query.get('limit') ?? 100)
        if (!Number.isInteger(limit) || limit < 1 || limit > mostEntries)
          return refuse(400, `limit must be a number from 1 to ${mostEntries}.`)
        const scope = await scopeNamed(request, request.query.get('session'))
        if ('refusal' in scope) return scope.refusal
        await recorder.flush()
        const entries = await store.read({ session: scope.session, limit, fits })
        const dropped = await store.dropped(scope.session, 0)
        return respondJson(200, { requests: entries.map(describeEntry), dropped })
      }),
    },
    {
      method: 'GET',
      path: '/imnot/admin/requests/stream',
      summary: 'Requests as they come, as server-sent events `request`',
      access: 'session',
      query: filters,
      answers: {
        200: 'A stream that ends when the reader goes',
        400: 'A wrong filter',
        404: 'No such session',
        409: 'The journal is off',
      },
      handle: withJournal(async (request, { store, ended }) => {
        const fits = readFilter(request.query)
        if (typeof fits === 'string') return refuse(400, fits)
        const scope = await scopeNamed(request, request.query.get('session'))
        if ('refusal' in scope) return scope.refusal
        return {
          status: 200,
          headers: ['content-type', 'text/event-stream', 'cache-control', 'no-store'],
          body: follow({ storage, clock, store, session: scope.session, fits, ended }),
        }
      }),
    },
    {
      method: 'POST',
      path: '/imnot/admin/requests/verify',
      summary: 'Whether requests came as expected',
      access: 'session',
      body: {
        type: 'application/json',
        summary:
          'What they are like (`method`, `path`, `partner`, `datapoint`, `endpoint`, `step`, `flow`, `status`, `session`, `params`, `headers`, `query`, `body`, `text`), with the conditions of `when`; ' +
          '`count` (default `{"gte": 1}`), and in `then` what must come afterwards, in order',
      },
      answers: {
        200: 'They did',
        400: 'A wrong member',
        404: 'No such session',
        409: 'The journal is off',
        417: 'They did not, with the nearest misses; or some were not written down, so that nobody can tell',
      },
      handle: withJournal(async (request, { recorder, store }) => {
        const read = await readJsonObject(request.request)
        if ('refusal' in read) return read.refusal
        const { session: named = null, ...declared } = read.object
        if (named !== null && typeof named !== 'string') return refuse(400, 'session must be an id or a label.')
        const verification = await withLibraries(() => readVerification(declared))
        if (typeof verification === 'string') return refuse(400, verification)
        const scope = await scopeNamed(request, named)
        if ('refusal' in scope) return scope.refusal
        const { session } = scope

        async function look() {
          await recorder.flush()
          const entries = await store.read({ session, limit: mostEntries, fits: () => true })
          if (entries.some(({ facts }) => hasXml(facts))) await loadLibrary('xml')
          return typeof verification === 'string' ? null : verify(verification, entries.reverse())
        }
        let verdict = await look()
        // What another node has answered just now is on its way: it may be what is missed, or one too many.
        if (verdict?.holds !== true || Number.isFinite(verification.count.most)) {
          await clock.sleep(othersMs)
          verdict = await look()
        }
        if (verdict === null) return refuse(400, 'Nothing is to be verified.')
        const since = typeof session === 'string' ? ((await sessions.find(session))?.value.createdAt ?? 0) : 0
        const dropped = await store.dropped(session, since)
        if (dropped > 0) {
          return refuse(
            417,
            `${dropped} requests came too fast to be written down, so that nobody can tell; ` +
              'verify in a session of its own, or send fewer than 2,500 requests a second.',
            { count: verdict.count, dropped },
          )
        }
        if (verdict.holds) return respondJson(200, { status: 'ok', count: verdict.count })
        return refuse(417, verdict.reason ?? '', {
          count: verdict.count,
          nearest: verdict.nearest,
        })
      }),
    },
  ]
}

function hasXml({ requestHeaders }: JournalFacts): boolean {
  return requestHeaders.some(([name, value]) => name.toLowerCase() === 'content-type' && isXmlType(value))
}

/** The filter, or what is wrong with it. */
function readFilter(query: URLSearchParams): ((entry: JournalEntry) => boolean) | string {
  const [partner, datapoint, flow] = [query.get('partner'), query.get('datapoint'), query.get('flow')]
  const status = query.get('status')
  const unmatched = query.get('unmatched')
  if (status !== null && !/^[1-5](\d\d|xx)$/i.test(status))
    return `status must be a status such as 404, or a class of them such as 4xx, not "${status}".`
  if (unmatched !== null && unmatched !== 'true' && unmatched !== 'false') return 'unmatched must be true or false.'
  const fitsStatus = (found: number) =>
    status === null || (/xx$/i.test(status) ? String(found)[0] === status[0] : String(found) === status)
  return ({ facts }) =>
    (partner === null || facts.partner === partner) &&
    (datapoint === null || facts.datapoint === datapoint) &&
    (flow === null || facts.flow === flow) &&
    (unmatched === null || (facts.partner === null) === (unmatched === 'true')) &&
    fitsStatus(facts.status)
}
