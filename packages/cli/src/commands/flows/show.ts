import { type DeliveryInfo, type FlowInfo, isApiError, type MessageInfo, type RequestInfo } from '@imnot/client'
import { withAdmin, withStateOptions } from '../../admin/state-command.ts'
import type { DefineCommand } from '../../command-table.ts'
import { columns } from '../../output/columns.ts'
import { examples } from '../../output/examples.ts'
import { json } from '../../output/json.ts'
import { placeOf } from '../requests/request-row.ts'
import { type FlowFilterOptions, flowFilter, withFlowFilter } from './flow-filter.ts'

const mostRequests = 1000

export const defineFlowsShow: DefineCommand = (command, terminal) => {
  withFlowFilter(withStateOptions(command))
    .argument('<id>', 'the id that the first step gave')
    .addHelpText('after', examples('imnot flows show 0f3c6a52-6a0e-4a53-9d1a-0d0f4b1f6f4e'))
    .action(async (id: string, options: FlowFilterOptions) => {
      const { flow, requests, callbacks } = await withAdmin(terminal, options, async (imnot) => {
        const flow = await imnot.flows.get(id, flowFilter(options))
        const { partner, datapoint, session_id: session } = flow
        const filter = { partner, datapoint, session, flow: id, limit: mostRequests }
        // Without a journal the flow is all there is to tell.
        const requests = await imnot.requests.list(filter).catch((error: unknown) => {
          if (isApiError(error, 'CONFLICT')) return []
          throw error
        })
        const owed = await imnot.deliveries.list({ session })
        const callbacks = owed.filter(
          (one) => one.flow_id === id && one.partner === partner && one.datapoint === datapoint,
        )
        return { flow, requests: requests.reverse(), callbacks: callbacks.reverse() }
      })
      terminal.out(options.json ? json({ ...flow, requests, callbacks }) : describe(flow, requests, callbacks))
    })
}

/** What the flow is, and its conversation as it went. */
function describe(flow: FlowInfo, requests: readonly RequestInfo[], callbacks: readonly DeliveryInfo[]): string {
  const facts = columns([
    ['flow', flow.id],
    ['of', `${flow.partner}/${flow.datapoint}`],
    ['session', flow.session_id ?? '-'],
    ['steps done', flow.steps_done.join(', ')],
    ['polls', String(flow.polls)],
  ])
  const turns = [...requests.map(requestTurn), ...callbacks.flatMap(callbackTurns)].sort((a, b) => a.at - b.at)
  const gap = requests.length === 0 ? '\n\nThe journal has no request of it: it is off, or has forgotten them.' : ''
  const begin = turns[0]?.at ?? 0
  const told = turns.map(({ at, text }) => `+${((at - begin) / 1000).toFixed(3)} s  ${text}`)
  return `${facts}${gap}${told.length === 0 ? '' : `\n\n${told.join('\n')}`}`
}

interface Turn {
  /** In milliseconds since the epoch. */
  readonly at: number
  readonly text: string
}

/** `GET /external/jobs/… → 200  acme/data-sync step 3`, the bodies below it. */
function requestTurn(request: RequestInfo): Turn {
  const line = `${request.method} ${request.url} → ${request.status}  ${placeOf(request)}`
  const text = [line, ...bodyLines('>', request.request), ...bodyLines('<', request.response)].join('\n')
  return { at: Date.parse(request.at), text }
}

/** Each attempt, and what is still to come. */
function callbackTurns({
  method,
  url,
  attempts,
  status,
  next_attempt_at: next,
  created_at: owed,
}: DeliveryInfo): Turn[] {
  const call = `callback ${method} ${url}`
  if (attempts.length === 0) {
    return [{ at: Date.parse(owed), text: `${call} is owed${next === null ? '' : `, due at ${next}`}` }]
  }
  return attempts.map(({ at, status: answered, error }, index) => {
    const isLast = index === attempts.length - 1
    const end = isLast ? `, ${status}` : ''
    return { at: Date.parse(at), text: `${call} → ${answered ?? error}  attempt ${index + 1}${end}` }
  })
}

const longestBody = 500

function bodyLines(mark: string, { body }: MessageInfo): string[] {
  if (body === null) return []
  const { text, bytes } = body
  if (text === undefined) return [`    ${mark} ${bytes} bytes that are no text`]
  const isShort = text.length <= longestBody && !body.truncated
  const shown = text.slice(0, longestBody).trimEnd().replaceAll('\n', `\n    ${mark} `)
  return [`    ${mark} ${shown}${isShort ? '' : ` … (${bytes} bytes)`}`]
}
