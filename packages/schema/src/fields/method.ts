import * as z from 'zod'
import { nearest } from '../nearest.ts'

/** What `node:http` can receive, without CONNECT, which never reaches a request handler. */
export const httpMethods: readonly string[] = [
  'GET',
  'HEAD',
  'POST',
  'PUT',
  'PATCH',
  'DELETE',
  'OPTIONS',
  'TRACE',
  'ACL',
  'BIND',
  'CHECKOUT',
  'COPY',
  'LINK',
  'LOCK',
  'M-SEARCH',
  'MERGE',
  'MKACTIVITY',
  'MKCALENDAR',
  'MKCOL',
  'MOVE',
  'NOTIFY',
  'PROPFIND',
  'PROPPATCH',
  'PURGE',
  'QUERY',
  'REBIND',
  'REPORT',
  'SEARCH',
  'SOURCE',
  'SUBSCRIBE',
  'UNBIND',
  'UNLINK',
  'UNLOCK',
  'UNSUBSCRIBE',
]

const expected = 'an HTTP method such as GET or POST'

/** One method in any case; upper case in the parsed definition. */
export const methodName = z
  .string({ error: expected })
  .superRefine((name, context) => {
    if (httpMethods.includes(name.toUpperCase())) return
    const suggestion = nearest(name.toUpperCase(), httpMethods)
    const hint = suggestion ? `did you mean "${suggestion}"?` : 'use one such as GET or POST.'
    const message = `"${name}" is not an HTTP method that a server receives; ${hint}`
    context.addIssue({ code: 'custom', message, params: { code: 'bad-method', expected, found: name, suggestion } })
  })
  .transform((name) => name.toUpperCase())
  .meta({ examples: ['GET', 'POST', 'HEAD', 'PUT', 'PATCH', 'DELETE'] })

/** `method` of an endpoint: always a list in the parsed definition. */
export const methods = z
  .union([methodName, z.array(methodName, { error: expected }).min(1, { error: `${expected}, or a list of them` })], {
    error: `${expected}, or a list of them`,
  })
  .transform((value, context) => {
    const list = typeof value === 'string' ? [value] : value
    const repeated = list.findIndex((name, index) => list.indexOf(name) !== index)
    if (repeated >= 0) {
      const message = `The method ${list[repeated]} is listed twice; leave one out.`
      context.addIssue({ code: 'custom', message, path: [repeated], params: { code: 'duplicate-method' } })
    }
    return list
  })
  .describe('The HTTP method, or a list of methods, in any case.')
