import * as z from 'zod'
import { text } from './leaf.ts'

const urn = 'urn:ietf:params:oauth:grant-type'

/** Grants whose names on the wire nobody wants to write. */
const shortNames: Readonly<Record<string, string>> = {
  device_code: `${urn}:device_code`,
  jwt_bearer: `${urn}:jwt-bearer`,
  token_exchange: `${urn}:token-exchange`,
}

const expected = 'a grant such as client_credentials, authorization_code, refresh_token, password or device_code'
const one = text(expected, /^[A-Za-z0-9:/._-]+$/).transform((name) => shortNames[name] ?? name)

/** `grant` of an endpoint: the values of `grant_type` that it takes, in the parsed definition always a list of what clients send. */
export const grants = z
  .union([one.transform((name) => [name]), z.array(one).min(1, { error: `${expected}, or a list of them` })], {
    error: `${expected}, or a list of them`,
  })
  .optional()
  .meta({
    description:
      'The grants that the endpoint takes: client_credentials, password, authorization_code, refresh_token, device_code, jwt_bearer, token_exchange, or any other `grant_type`. Absent: any caller gets a token.',
    examples: ['client_credentials', ['authorization_code', 'refresh_token']],
  })

export const deviceGrant = `${urn}:device_code`
