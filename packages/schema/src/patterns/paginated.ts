import type * as z from 'zod'
import { endpointFields } from '../fields/endpoint.ts'
import { oneOf, text, wholeNumber } from '../fields/leaf.ts'
import { bodyField, responseFields, status } from '../fields/response.ts'
import { responsesOf } from '../fields/responses.ts'
import { mapping } from '../language-mapping.ts'
import type { Problem } from '../problem.ts'
import { datapointSchema, type PatternSchema } from './pattern.ts'

const name = 'paginated'
const summary =
  'Slices an uploaded array into pages, wrapped in an object whose field names are declared, or as `page` says.'

const response = mapping({ status: status.default(200), ...responseFields, ...bodyField })
  .prefault({})
  .describe('The answer; without a body of its own one page of the uploaded array.')

const styles = ['offset_limit', 'page_number', 'cursor'] as const
type Style = (typeof styles)[number]

/** Keys that only one style has. The others are of all styles. */
const onlyWith: Readonly<Record<string, Style>> = {
  next_offset_field: 'offset_limit',
  offset_echo_field: 'offset_limit',
  limit_echo_field: 'offset_limit',
  page_param: 'page_number',
  size_param: 'page_number',
  cursor_field: 'cursor',
  cursor_ttl_seconds: 'cursor',
}

const answerFields = [
  'items_field',
  'total_field',
  'has_more_field',
  'next_offset_field',
  'offset_echo_field',
  'limit_echo_field',
  'cursor_field',
] as const

const fieldName = () => text('the name of a field in the answer, dotted where it is nested', /^[^.]+(\.[^.]+)*$/)
const parameterName = () => text('the name of a query parameter')

const pagination = mapping(
  {
    style: oneOf(styles).describe(
      'How a page is asked for: by offset and limit, by page number and size, or by cursor.',
    ),
    items_field: fieldName().describe('Field of the answer that holds the items.'),
    total_field: fieldName().optional().describe('Field that holds the number of all items.'),
    has_more_field: fieldName().optional().describe('Field that tells whether another page follows.'),
    next_offset_field: fieldName()
      .optional()
      .describe('Field that holds the offset of the next page, null on the last.'),
    offset_echo_field: fieldName().optional().describe('Field that repeats the offset.'),
    limit_echo_field: fieldName().optional().describe('Field that repeats the limit.'),
    cursor_field: fieldName().optional().describe('Field that holds the cursor of the next page, null on the last.'),
    cursor_ttl_seconds: wholeNumber('a whole number of seconds, 0 for cursors that never expire', { min: 0 })
      .optional()
      .describe('Lifetime of a cursor in seconds, 3600 by default; 0 means that it never expires.'),
    page_param: parameterName().optional().describe('Query parameter with the page number, `page` by default.'),
    size_param: parameterName().optional().describe('Query parameter with the page size, `size` by default.'),
    default_limit: wholeNumber('a whole number, at least 1', { min: 1 })
      .default(50)
      .describe('Items on a page when the request does not say.'),
  },
  'a mapping with "style" and "items_field"',
)
  .superRefine((value, context) => {
    for (const problem of checkPagination(value)) {
      const { code, message, path, at } = problem
      context.addIssue({ code: 'custom', message, path: [...path], params: { code, at } })
    }
  })
  .transform(({ cursor_ttl_seconds = 3600, page_param = 'page', size_param = 'size', ...rest }) => ({
    ...rest,
    cursor_ttl_seconds,
    page_param,
    size_param,
  }))
  .optional()
  .describe('How the array is paged, and what the fields of a page are called; without it every endpoint needs "page".')

const endpoint = mapping({ ...endpointFields, responses: responsesOf(response), response }).transform((given) => ({
  ...given,
  ...(given.page !== undefined && { page: { ...given.page, of: given.page.of ?? 'payload' } }),
}))
const datapoint = datapointSchema({ name, summary, endpoint, fields: { pagination } })

export type PaginatedDatapoint = z.output<typeof datapoint>

export const paginatedPattern = {
  name,
  aliases: [],
  summary,
  takesPayload: true,
  datapoint,
  endpoint,
  checkEndpoint({ page, response }: PaginatedDatapoint['endpoints'][number]): Problem[] {
    if (page === undefined && response.body !== undefined) {
      const message = '"body" has an effect only together with "page", whose items it shows; add that or leave it out.'
      return [{ code: 'conflicting-keys', message, path: ['response', 'body'], at: 'key' }]
    }
    if (page?.of?.includes('{{') !== true) return []
    const message =
      'The pattern paginated pages an uploaded payload, "payload" or "payload.PATH"; for another list choose the pattern static.'
    return [{ code: 'bad-value', message, path: ['page', 'of'] }]
  },
  checkDatapoint({ pagination, endpoints }: PaginatedDatapoint): Problem[] {
    if (pagination !== undefined || endpoints.every(({ page }) => page !== undefined)) return []
    const message =
      'A datapoint of pattern paginated needs "pagination", which is a mapping with "style" and "items_field", or "page" on each endpoint.'
    return [{ code: 'missing-key', message, path: [] }]
  },
} satisfies PatternSchema

function checkPagination(value: { style: Style; cursor_field?: string | undefined }): Problem[] {
  const fields: Record<string, unknown> = value
  const problems: Problem[] = []
  for (const [key, style] of Object.entries(onlyWith)) {
    if (fields[key] === undefined || value.style === style) continue
    const message = `"${key}" belongs to the style ${style}, and this pagination has the style ${value.style}; leave it out or change the style.`
    problems.push({ code: 'wrong-style', message, path: [key], at: 'key' })
  }
  if (value.style === 'cursor' && value.cursor_field === undefined) {
    const message =
      'Pagination of the style cursor needs "cursor_field", the field of the answer that holds the next cursor.'
    problems.push({ code: 'missing-key', message, path: [] })
  }
  return [...problems, ...sameNames(fields, answerFields), ...sameNames(fields, ['page_param', 'size_param'])]
}

function sameNames(fields: Record<string, unknown>, keys: readonly string[]): Problem[] {
  const problems: Problem[] = []
  const seen = new Map<string, string>()
  for (const key of keys) {
    const value = fields[key]
    if (typeof value !== 'string') continue
    for (const [other, earlier] of seen) {
      if (other === value) {
        const message = `"${key}" and "${earlier}" both use the name "${value}"; give one another name.`
        problems.push({ code: 'duplicate-field', message, path: [key] })
      } else if (other.startsWith(`${value}.`) || value.startsWith(`${other}.`)) {
        const [outer, inner] = other.length < value.length ? [other, value] : [value, other]
        const message = `"${key}" and "${earlier}" get in each other's way: "${inner}" lies inside "${outer}"; give one another name.`
        problems.push({ code: 'duplicate-field', message, path: [key] })
      }
    }
    seen.set(value, key)
  }
  return problems
}
