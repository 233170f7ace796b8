import * as z from 'zod'
import { mapping } from '../language-mapping.ts'
import { sentHeaderName } from './headers.ts'
import { text, truth } from './leaf.ts'

const variable = text('the name of an environment variable, such as ACME_API_KEY', /^[A-Za-z_][A-Za-z0-9_]*$/)
const inEnvironment = (what: string) =>
  variable.optional().describe(`The environment variable that holds ${what}, instead of the value itself.`)

const queryName = text('the name of a query parameter')

/** One way to be let in; `checkAuthWay` knows which keys go together. */
const way = mapping(
  {
    oauth: text('the name of a datapoint of pattern oauth')
      .optional()
      .describe('The datapoint of pattern oauth whose tokens are let in.'),
    scopes: z
      .array(text('a scope'), { error: 'a list of scopes' })
      .optional()
      .describe('With oauth: what the token must have in its scope, all of them; less is forbidden.'),
    header: sentHeaderName
      .optional()
      .describe('With oauth: the header that carries the token, where that is not Authorization.'),
    query: queryName.optional().describe('With oauth: the query parameter that carries the token.'),
    bearer: z
      .union([text('the token'), truth()], { error: 'the token, or true for any' })
      .optional()
      .describe('The token that `Authorization: Bearer` must carry; true: any.'),
    bearer_env: inEnvironment('that token'),
    basic: mapping({
      username: text('a user name').optional().describe('The user name; absent: any.'),
      password: z.string({ error: 'text' }).optional().describe('The password; absent: any.'),
      password_env: inEnvironment('the password'),
    })
      .optional()
      .describe('User name and password by HTTP Basic.'),
    api_key: mapping({
      header: sentHeaderName.optional().describe('The header that carries the key.'),
      query: queryName.optional().describe('The query parameter that carries the key.'),
      value: text('the key').optional().describe('The key; absent: any.'),
      value_env: inEnvironment('the key'),
    })
      .optional()
      .describe('A key in a header or in the query.'),
  },
  'the name of a datapoint of pattern oauth, or a mapping',
).meta({ id: 'auth' })

export type DeclaredWay = z.output<typeof way>

const expected =
  'the name of a datapoint of pattern oauth, a mapping with "oauth", "bearer", "basic" or "api_key", a list of these, or false'
const named = text('the name of a datapoint of pattern oauth').transform((oauth): DeclaredWay => ({ oauth }))
const either = z.union([named, way], { error: expected })
const none = z.boolean({ error: expected }).superRefine((value, context) => {
  if (!value) return
  const message =
    '"auth: true" does not say who is let in; write the name of a datapoint of pattern oauth, or a mapping.'
  context.addIssue({ code: 'custom', message, params: { code: 'bad-value', expected } })
})

/** `auth` of an endpoint: in the parsed definition the list of ways to be let in, of which one is enough; false: none is asked for. */
export const auth = z
  .union(
    [
      none.transform(() => false as const),
      named.transform((one) => [one]),
      way.transform((one) => [one]),
      z.array(either).min(1, { error: expected }),
    ],
    { error: expected },
  )
  .optional()
  .meta({
    description:
      'Who is let in: the name of an oauth datapoint, `{bearer}`, `{basic: {username, password}}`, `{api_key: {header or query, value}}`, or a list of these; anybody else gets a 401. `false` lifts what `defaults` ask for.',
    examples: ['token', { bearer: 'secret-token' }, { api_key: { header: 'X-Api-Key', value: 'k-1' } }],
  })

export type DeclaredAuth = z.output<typeof auth>
