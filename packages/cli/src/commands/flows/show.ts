import { type FlowInfo, isApiError, type MessageInfo, type RequestInfo } from '@imnot/client'
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
      const { flow, requests } = await withAdmin(terminal, options, async (imnot) => {
        const flow = await imnot.flows.get(id, flowFilter(options))
        const { partner, datapoint, session_id: session } = flow
        const filter = { partner, datapoint, session, flow: id, limit: mostRequests }
        // Without a journal the flow is all there is to tell.
        const requests = await imnot.requests.list(filter).catch((error: unknown) => {
          if (isApiError(error, 'CONFLICT')) return []
          throw error
        })
        return { flow, requests: requests.reverse() }
      })
      terminal.out(options.json ? json({ ...flow, requests }) : describe(flow, requests))
    })
}

/** What the flow is, and its conversation as it went. */
function describe(flow: FlowInfo, requests: readonly RequestInfo[]): string {
  const facts = columns([
    ['flow', flow.id],
    ['of', `${flow.partner}/${flow.datapoint}`],
    ['session', flow.session_id ?? '-'],
    ['steps done', flow.steps_done.join(', ')],
    ['polls', String(flow.polls)],
  ])
  if (requests.length === 0) return `${facts}\n\nThe journal has no request of it: it is off, or has forgotten them.`
  const begin = Date.parse(requests[0]?.at ?? '')
  return `${facts}\n\n${requests.map((request) => turn(request, begin)).join('\n')}`
}

/** `+1.204 s  GET /external/jobs/… → 200  acme/data-sync step 3`, the bodies below it. */
function turn(request: RequestInfo, begin: number): string {
  const since = ((Date.parse(request.at) - begin) / 1000).toFixed(3)
  const line = `+${since} s  ${request.method} ${request.url} → ${request.status}  ${placeOf(request)}`
  return [line, ...bodyLines('>', request.request), ...bodyLines('<', request.response)].join('\n')
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
