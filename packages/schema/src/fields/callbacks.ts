import * as z from 'zod'
import { mapping } from '../language-mapping.ts'
import { condition } from './condition.ts'
import { duration } from './duration.ts'
import { headers, sentHeaderName } from './headers.ts'
import { chance, oneOf, text, truth, wholeNumber } from './leaf.ts'
import { methodName } from './method.ts'
import { bodyField, contentType } from './response.ts'

export const signingSchemes = ['standard-webhooks', 'stripe', 'github', 'hmac', 'ecdsa', 'rsa'] as const
export const signatureAlgorithms = ['md5', 'sha1', 'sha224', 'sha256', 'sha384', 'sha512'] as const

/** `sign` of a callback; `checkCallbacks` knows which keys go together. */
const sign = mapping(
  {
    scheme: oneOf(signingSchemes).describe('How the signature is made, and in which headers it travels.'),
    secret_env: text('the name of an environment variable, such as ACME_WEBHOOK_SECRET', /^[A-Za-z_][A-Za-z0-9_]*$/)
      .optional()
      .describe('The environment variable that holds the secret, or the private key in PEM.'),
    secret: text('text, or a template')
      .optional()
      .describe('The secret itself: a template of a key that the mock handed out.'),
    prefix: text('letters, digits and hyphens', /^[A-Za-z0-9-]+$/)
      .optional()
      .describe('Of standard-webhooks: what the header names begin with, by default webhook.'),
    algorithm: oneOf(signatureAlgorithms).optional().describe('Of hmac, ecdsa and rsa: the digest, by default sha256.'),
    encoding: oneOf(['hex', 'base64', 'base64url'])
      .optional()
      .describe('Of hmac, ecdsa and rsa: how the signature is written, by default hex.'),
    key_encoding: oneOf(['utf8', 'hex', 'base64'])
      .optional()
      .describe('Of hmac, ecdsa and rsa: how the secret is written, by default utf8: as it stands.'),
    payload: text('a template')
      .optional()
      .describe('Of hmac, ecdsa and rsa: what is signed, over timestamp, url, data, text and id; by default the body.'),
    headers: z
      .record(sentHeaderName, text('a template'), { error: 'a mapping of header names to templates' })
      .optional()
      .describe('Of hmac, ecdsa and rsa: the headers that carry it, over signature and what payload may name.'),
  },
  'a mapping with "scheme"',
).meta({ id: 'sign' })

const retry = mapping({
  attempts: wholeNumber('a whole number from 1 to 100', { min: 1, max: 100 })
    .default(5)
    .describe('All attempts together, the first one included.'),
  backoff: oneOf(['exponential', 'fixed'])
    .default('exponential')
    .describe('Whether each wait is twice the one before.'),
  first: duration.default(1000).describe('The wait after the first failure, by default 1s.'),
  max: duration
    .default(300_000)
    .describe('The longest wait, by default 5m; a receiver may ask for more by Retry-After.'),
})

const callback = mapping(
  {
    for_each: text('the name of a loop variable', /^[A-Za-z_][A-Za-z0-9_]*$/)
      .optional()
      .describe('Owes one callback for each item of `in`; url, headers, body and when see it by this name.'),
    in: z.unknown().optional().describe('The list that for_each goes through: a template, or a list.'),
    when: condition,
    url: text('a URL, or a template of one').describe('Where it goes; where its template is empty nothing is owed.'),
    method: methodName.default('POST').describe('Method of the outgoing call.'),
    delay: duration.default(0).describe("How long after the answer, on the session's clock."),
    headers,
    content_type: contentType,
    ...bodyField,
    payload: truth().default(false).describe('Sends the uploaded payload, byte for byte, instead of a body.'),
    sign: sign.optional().describe('How receivers tell that the partner sent it.'),
    retry: retry.prefault({}).describe('How it is tried again after a timeout, a lost connection, 408, 429 or 5xx.'),
    chaos: mapping({
      duplicate: chance.default(0).describe('How likely a delivered callback is sent once more, from 0 to 1.'),
      late: duration.default(0).describe('Comes up to so much later, at random, and out of turn.'),
    })
      .prefault({})
      .describe('What real senders do, and receivers must bear.'),
  },
  'a mapping with "url"',
).meta({ id: 'callback' })

/** `callbacks` of an endpoint, and of a state. */
export const callbacks = z
  .array(callback, { error: 'a list of callbacks' })
  .optional()
  .describe('Calls that imnot owes with the first final answer of the endpoint, in this order.')

export type DeclaredCallback = NonNullable<z.output<typeof callbacks>>[number]
