import type { PaginatedDatapoint } from '@imnot/schema'
import type { Capture, Pair, RequestPlan } from '../requests/plan.ts'
import { endpointPlans } from './endpoint-plans.ts'
import { type RequestContext, requestsOf } from './pattern.ts'

type Context = RequestContext<PaginatedDatapoint>
type Pagination = PaginatedDatapoint['pagination']

/** A first page of two items, and the page after it. */
export const paginatedRequests = requestsOf<PaginatedDatapoint>('paginated', {
  payload: () => items,
  requests: (context) =>
    context.datapoint.endpoints.flatMap((endpoint) => {
      const { pagination } = context.datapoint
      const pages = styles[pagination.style](context)
      return pages.flatMap(({ label, query, captures, from }) => {
        const body = { [pagination.items_field]: items.slice(from, from + 2), ...otherFields(pagination, from) }
        const own: Partial<RequestPlan> = { query, captures, answer: { status: endpoint.response.status, body } }
        return endpointPlans(context, endpoint, own).map((plan) => ({
          ...plan,
          name: `${label}: ${plan.name}`,
          captures: plan.method === 'HEAD' ? [] : captures,
        }))
      })
    }),
})

const items = [{ id: 1 }, { id: 2 }, { id: 3 }]

interface PagePlan {
  readonly label: string
  readonly query: readonly Pair[]
  readonly captures: readonly Capture[]
  /** Position of its first item. */
  readonly from: number
}

/** How each style asks for its first and its second page. */
const styles: Readonly<Record<Pagination['style'], (context: Context) => readonly PagePlan[]>> = {
  offset_limit: () => [first([['offset', '0'], limit]), second([['offset', '2'], limit])],
  page_number({ datapoint: { pagination } }) {
    const size: Pair = [pagination.size_param, '2']
    return [first([[pagination.page_param, '1'], size]), second([[pagination.page_param, '2'], size])]
  },
  cursor(context) {
    const cursor = context.variable('cursor', '', 'The cursor of the next page')
    const field = context.datapoint.pagination.cursor_field ?? ''
    return [first([limit], [{ variable: cursor, from: { json: [field] } }]), second([['cursor', cursor], limit])]
  },
}

const limit: Pair = ['limit', '2']

function first(query: readonly Pair[], captures: readonly Capture[] = []): PagePlan {
  return { label: 'First page', query, captures, from: 0 }
}

function second(query: readonly Pair[]): PagePlan {
  return { label: 'Next page', query, captures: [], from: 2 }
}

/** The fields of the example answer beside its items. */
function otherFields(pagination: Pagination, from: number): Record<string, unknown> {
  const hasMore = from === 0
  const fields: readonly (readonly [string | undefined, unknown])[] = [
    [pagination.total_field, items.length],
    [pagination.has_more_field, hasMore],
    [pagination.next_offset_field, hasMore ? 2 : null],
    [pagination.offset_echo_field, from],
    [pagination.limit_echo_field, 2],
    [pagination.cursor_field, hasMore ? 'eyJvIjoyfQ' : null],
  ]
  return Object.fromEntries(fields.filter(([name]) => name !== undefined))
}
