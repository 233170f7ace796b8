import * as z from 'zod'
import { mapping } from '../language-mapping.ts'
import { duration } from './duration.ts'
import { oneOf, text, wholeNumber } from './leaf.ts'
import { requestSource } from './request-source.ts'

export const pagePositions = ['offset', 'number', 'cursor'] as const
export type PagePosition = (typeof pagePositions)[number]

/** Each style with the way it tells a place in the list, and where its parameters are unless `page` says otherwise. */
const styles = {
  offset_limit: { position: 'offset', limit: 'query.limit' },
  page_number: { position: 'number', limit: 'query.size' },
  cursor: { position: 'cursor', limit: 'query.limit' },
  link_header: { position: 'number', limit: 'query.per_page' },
  next_url: { position: 'number', limit: 'query.size' },
} as const satisfies Readonly<Record<string, { position: PagePosition; limit: string }>>

const defaultSources = { offset: 'query.offset', number: 'query.page', cursor: 'query.cursor' } as const

/** Styles whose answers lead on by whole addresses, so that any of the parameters may be in them. */
export const linkStyles: readonly string[] = ['link_header', 'next_url']

const styleNames = Object.keys(styles) as [keyof typeof styles, ...(keyof typeof styles)[]]

const direction = text('asc, desc or a template', /^(asc|desc|[\s\S]*\{\{[\s\S]*\}\}[\s\S]*)$/)

const order = z
  .union(
    [
      text('newest, oldest, the name of a member, or a template'),
      mapping({
        by: text('the name of a member, dotted where it is nested, or a template').describe(
          'The member of the items that they are ordered by.',
        ),
        direction: direction.default('asc').describe('`asc` or `desc`, or a template of one.'),
      }),
    ],
    { error: 'newest, oldest, the name of a member, or a mapping with "by"' },
  )
  .optional()
  .meta({
    description:
      'The order of the items: `newest` turns the list around, `oldest` leaves it; or a member, with a "-" before it for falling.',
    examples: ['newest', '-updated_at', { by: 'name', direction: '{{ request.query.sort }}' }],
  })

const declared = mapping(
  {
    style: oneOf(styleNames).describe('How a page is asked for, and how the answer leads to the next one.'),
    of: text('a template, payload, or payload.PATH', /^(payload(\.[^\s.]+)*|[\s\S]*\{\{[\s\S]*\}\}[\s\S]*)$/)
      .optional()
      .describe('The list: a template; `payload`, or `payload.PATH` for an array inside the uploaded JSON.'),
    limit: requestSource().optional().describe('Where the request names the size of a page.'),
    offset: requestSource().optional().describe('Where it names the position of the first item, from 0.'),
    number: requestSource().optional().describe('Where it names the number of the page.'),
    first: wholeNumber('0 or 1', { min: 0, max: 1 }).optional().describe('The number of the first page, by default 1.'),
    cursor: requestSource().optional().describe('Where it gives back the cursor of the next page.'),
    before: requestSource().optional().describe('Where it gives back the cursor of the previous page.'),
    cursors: oneOf(['signed', 'id'])
      .optional()
      .describe('What cursors are: opaque and signed by the server, or the id of the last item.'),
    ttl: duration.optional().describe('How long a signed cursor is good, by default for ever.'),
    id: text('the name of a member, dotted where it is nested')
      .default('id')
      .describe('The member that holds the id of an item, by default id.'),
    size: wholeNumber('a whole number, at least 1', { min: 1 })
      .default(50)
      .describe('Items on a page where the request does not say, by default 50.'),
    max: wholeNumber('a whole number, at least 1', { min: 1 })
      .optional()
      .describe('The most items on a page; who asks for more gets so many.'),
    order,
    filter: z
      .record(z.string().min(1), z.unknown(), { error: 'a mapping of members to what they must be' })
      .optional()
      .meta({
        description:
          'Which items there are at all: a member of the items to a value, to where the request names it, or to operators; what the request does not name does not filter.',
        examples: [{ to: 'query.To' }, { updated_at: { gte: 'query.updated_since' } }],
      }),
  },
  'a mapping with "style"',
).meta({ id: 'page' })

type Declared = z.output<typeof declared>

/** `page` of an endpoint, with its parameters filled in; `checkPage` knows which keys go together. */
export const page = declared
  .transform((given) => {
    const position = positionOf(given)
    return {
      ...given,
      position,
      limit: given.limit ?? styles[given.style].limit,
      source: given[position] ?? defaultSources[position],
    }
  })
  .optional()
  .describe('The answer is one page of a list, which templates see as `page`.')

export type DeclaredPage = NonNullable<z.output<typeof page>>

function positionOf(given: Declared): PagePosition {
  const { position } = styles[given.style]
  if (!linkStyles.includes(given.style)) return position
  return pagePositions.find((name) => given[name] !== undefined) ?? position
}
