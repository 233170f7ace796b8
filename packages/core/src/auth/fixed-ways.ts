import { Buffer } from 'node:buffer'
import type { DeclaredWay } from '@imnot/schema'
import { bearerOf } from '../handling/credential.ts'
import { queryOf } from '../routing/target.ts'
import { bearerChallenge, challenge } from './challenge.ts'
import { isSameSecret } from './same-secret.ts'
import type { Miss, Way } from './way.ts'

type Environment = (name: string) => string | undefined

/** What a credential must be: this text, whatever the environment holds, or anything. */
interface Expected {
  /** Why it is not the one; null where it is. */
  refuse(given: string): string | null
}

/** `bearer`: one token, always the same. */
export function bearerWay({ bearer, bearer_env: variable }: DeclaredWay, realm: string, environment: Environment): Way {
  const expected = expectation(typeof bearer === 'string' ? bearer : undefined, variable, environment)
  const remedy = 'send the token as "Authorization: Bearer TOKEN"'
  return {
    isStateless: true,
    check({ exchange }) {
      const given = bearerOf(exchange.request)
      if (given === null) return absent('no bearer token was sent', remedy, bearerChallenge(realm))
      const fault = expected.refuse(given)
      if (fault === null) return null
      return wrong(`the bearer token ${fault}`, remedy, bearerChallenge(realm, 'invalid_token', `The token ${fault}`))
    },
  }
}

/** `basic`: RFC 7617. */
export function basicWay({ basic = {} }: DeclaredWay, realm: string, environment: Environment): Way {
  const username = expectation(basic.username, undefined, environment)
  const password = expectation(basic.password, basic.password_env, environment)
  const remedy = 'send user name and password by HTTP Basic'
  const asked = challenge('Basic', realm, { charset: 'UTF-8' })
  return {
    isStateless: true,
    check({ exchange }) {
      const given = basicOf(exchange.header('authorization'))
      if (given === null) return absent('no user name and password were sent', remedy, asked)
      const [nameFault, passwordFault] = [username.refuse(given.username), password.refuse(given.password)]
      if (nameFault !== null) return wrong(`the user name ${nameFault}`, remedy, asked)
      return passwordFault === null ? null : wrong(`the password ${passwordFault}`, remedy, asked)
    },
  }
}

/** `api_key`: in a header or in the query. */
export function apiKeyWay({ api_key: key = {} }: DeclaredWay, realm: string, environment: Environment): Way {
  const expected = expectation(key.value, key.value_env, environment)
  const { header, query } = key
  const place = header === undefined ? `query parameter "${query}"` : `header "${header}"`
  const remedy = `send the key in the ${place}`
  // No scheme is registered for API keys; RFC 9110 wants a challenge with each 401 all the same.
  const asked = challenge('ApiKey', realm, { header, query })
  return {
    isStateless: true,
    check({ exchange }) {
      const given = header === undefined ? exchange.query(query ?? '') : exchange.header(header)
      if (given === null || given === '') return absent(`the ${place} is missing`, remedy, asked)
      const fault = expected.refuse(given)
      return fault === null ? null : wrong(`the key in the ${place} ${fault}`, remedy, asked)
    },
  }
}

/** Where a token stands that is not in `Authorization`. */
export function placeOf({ header, query }: DeclaredWay): Way['tokenOf'] {
  if (header !== undefined) {
    const name = header.toLowerCase()
    return ({ headers }) => (headers.get(name) ?? '').replace(/^bearer +/i, '').trim() || null
  }
  return query === undefined ? undefined : ({ url }) => new URLSearchParams(queryOf(url)).get(query)
}

/** User name and password of `Authorization: Basic …`; null where that is not what it holds. */
export function basicOf(header: string | null): { readonly username: string; readonly password: string } | null {
  const [, encoded] = /^basic +([A-Za-z0-9+/=_-]+) *$/i.exec(header ?? '') ?? []
  if (encoded === undefined) return null
  const text = Buffer.from(encoded, 'base64').toString('utf8')
  const colon = text.indexOf(':')
  return colon === -1 ? null : { username: text.slice(0, colon), password: text.slice(colon + 1) }
}

function expectation(value: string | undefined, variable: string | undefined, environment: Environment): Expected {
  if (variable !== undefined) {
    return {
      refuse(given) {
        const expected = environment(variable)
        if (!expected) return `cannot be checked, because the environment variable ${variable} of imnot is not set`
        return isSameSecret(given, expected) ? null : `is not the one of the environment variable ${variable}`
      },
    }
  }
  if (value === undefined) return { refuse: () => null }
  return { refuse: (given) => (isSameSecret(given, value) ? null : 'is not the one that the definition names') }
}

function absent(cause: string, remedy: string, challenge: string): Miss {
  return { isAbsent: true, cause, remedy, challenge }
}

function wrong(cause: string, remedy: string, challenge: string): Miss {
  return { isAbsent: false, cause, remedy, challenge }
}
