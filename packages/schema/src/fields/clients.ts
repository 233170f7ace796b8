import * as z from 'zod'
import { mapping } from '../language-mapping.ts'
import { text } from './leaf.ts'

const client = mapping(
  {
    id: text('a client id').describe('The client id.'),
    secret: text('a client secret')
      .optional()
      .describe(
        'Its secret, sent by HTTP Basic or in the body. Without one the client is public and proves itself by PKCE.',
      ),
    secret_env: text('the name of an environment variable, such as ACME_CLIENT_SECRET', /^[A-Za-z_][A-Za-z0-9_]*$/)
      .optional()
      .describe('The environment variable that holds its secret.'),
    redirect_uris: z
      .array(text('an absolute URI', /^[A-Za-z][A-Za-z0-9+.-]*:[!-~]+$/), { error: 'a list of absolute URIs' })
      .min(1, { error: 'a list of at least one absolute URI' })
      .optional()
      .describe('Where `authorize` may redirect to, compared as text; absent: anywhere.'),
    scopes: z
      .array(text('a scope'), { error: 'a list of scopes' })
      .optional()
      .describe('The scopes that it may ask for, and gets where it asks for none; absent: any.'),
  },
  'a mapping with "id"',
).meta({ id: 'client' })

/** `clients` of a datapoint of pattern oauth. */
export const clients = z
  .array(client, { error: 'a list of clients' })
  .min(1, { error: 'a list of at least one client' })
  .optional()
  .describe('Who may ask for tokens; absent: anybody, by whatever id and secret.')

export type DeclaredClient = z.output<typeof client>
