import type { PaginatedDatapoint } from '@imnot/schema'
import type { Capture, Pair, RequestPlan } from '../requests/plan.ts'
import { endpointPlans } from './endpoint-plans.ts'
import { withNested } from './nested.ts'
import { type RequestContext, requestsOf } from './pattern.ts'

type Context = RequestContext<PaginatedDatapoint>
type Pagination = NonNullable<PaginatedDatapoint['pagination']>
type Endpoint = PaginatedDatapoint['endpoints'][number]

/** A first page of two items, and the page after it. */
export const paginatedRequests = requestsOf<PaginatedDatapoint>('paginated', {
  payload: ({ datapoint }) => uploadFor(datapoint.endpoints),
  requests: (context) =>
    context.datapoint.endpoints.flatMap((endpoint) => {
      const { pagination } = context.datapoint
      if (endpoint.page !== undefined || pagination === undefined) return endpointPlans(context, endpoint)
      const pages = styles[pagination.style](context, pagination)
      return pages.flatMap(({ label, query, captures, from }) => {
        const fields = [
          [pagination.items_field, items.slice(from, from + 2)],
          ...otherFields(pagination, from),
        ] as const
        const body = fields.reduce((outer, [name, value]) => withNested(outer, name.split('.'), value), {})
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

/** An array wherever an endpoint looks for one; where one of them takes the whole upload that is all there can be. */
function uploadFor(endpoints: readonly Endpoint[]): unknown {
  const paths = endpoints.map(({ page }) => (page?.of ?? 'payload').split('.').slice(1))
  if (paths.some((path) => path.length === 0)) return items
  return paths.reduce((outer, path) => withNested(outer, path, items), {})
}

interface PagePlan {
  readonly label: string
  readonly query: readonly Pair[]
  readonly captures: readonly Capture[]
  /** Position of its first item. */
  readonly from: number
}

/** How each style asks for its first and its second page. */
const styles: Readonly<Record<Pagination['style'], (context: Context, pagination: Pagination) => readonly PagePlan[]>> =
  {
    offset_limit: () => [first([['offset', '0'], limit]), second([['offset', '2'], limit])],
    page_number(_context, pagination) {
      const size: Pair = [pagination.size_param, '2']
      return [first([[pagination.page_param, '1'], size]), second([[pagination.page_param, '2'], size])]
    },
    cursor(context, pagination) {
      const cursor = context.variable('cursor', '', 'The cursor of the next page')
      const field = pagination.cursor_field ?? ''
      return [
        first([limit], [{ variable: cursor, from: { json: field.split('.') } }]),
        second([['cursor', cursor], limit]),
      ]
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
function otherFields(pagination: Pagination, from: number): readonly (readonly [string, unknown])[] {
  const hasMore = from === 0
  const fields: readonly (readonly [string | undefined, unknown])[] = [
    [pagination.total_field, items.length],
    [pagination.has_more_field, hasMore],
    [pagination.next_offset_field, hasMore ? 2 : null],
    [pagination.offset_echo_field, from],
    [pagination.limit_echo_field, 2],
    [pagination.cursor_field, hasMore ? 'eyJvIjoyfQ' : null],
  ]
  return fields.filter((field): field is readonly [string, unknown] => field[0] !== undefined)
}
