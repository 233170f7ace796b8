import { compileCapture } from '../../flows/capture.ts'
import { flowView } from '../../flows/flow-view.ts'
import { respondJson } from '../../http/respond.ts'
import { compileId } from '../../ids/compile-id.ts'
import type { EndpointBehaviour } from '../../patterns/pattern.ts'
import { extendScope } from '../../rendering/scope.ts'
import { compileTemplate } from '../../rendering/template.ts'
import { toText } from '../../rendering/to-text.ts'
import { beginGrant } from '../begin-grant.ts'
import { grantedScope } from '../clients.ts'
import { fieldsOf } from '../fields.ts'
import { compileMembers } from '../members.ts'
import { answerOauthError, isOauthError } from '../oauth-error.ts'
import { compileProvider, type OauthContext } from '../provider.ts'

const userCodes = compileId('{upper:4}-{upper:4}')

/** RFC 8628, section 3.2: a device gets a code to poll with, and one for its user to type. */
export function compileDevice(context: OauthContext): EndpointBehaviour {
  const { partner, datapoint, endpoint, options } = context
  const { status, expires_in: expiresIn, interval = 5, verification_uri: uri } = endpoint.response
  const { pending } = endpoint
  const provider = compileProvider(context)
  const uriOf = compileTemplate(uri ?? '{{ base_url }}/device', options)
  const capture = compileCapture(endpoint.capture, options)
  const extraOf = compileMembers([endpoint.response.extra], options)
  return {
    readsBody: true,
    async plan(moment) {
      const { exchange, situation, scope } = moment
      const fields = fieldsOf(exchange)
      const headers = provider.headersOf(scope)
      const client = provider.clients.authenticate(exchange, fields)
      if (isOauthError(client)) return { answer: answerOauthError(client, headers) }
      const granted = grantedScope(client, fields('scope'))
      if (granted !== null && typeof granted === 'object') return { answer: answerOauthError(granted, headers) }
      const audience = fields('audience')
      const { code, flow } = await beginGrant(provider, moment, {
        kind: 'device',
        partner,
        datapoint: datapoint.name,
        expiresIn,
        capture,
        state: {
          interval,
          polls: pending?.polls ?? 0,
          ...(pending?.for !== undefined && { readyAt: situation.clock.now + pending.for }),
        },
        content: {
          client: client.id,
          scope: granted,
          claims: { sub: 'user' },
          ...(audience !== null && { audience }),
        },
      })
      const userCode = userCodes.make(scope, { number: 0, now: situation.clock.now })
      const verification = toText(uriOf(scope))
      const answer = {
        device_code: code,
        user_code: userCode,
        verification_uri: verification,
        verification_uri_complete: `${verification}${verification.includes('?') ? '&' : '?'}user_code=${userCode}`,
        expires_in: expiresIn,
        // RFC 8628 has no interval of 0; without one a client waits five seconds.
        ...(interval > 0 && { interval }),
        ...extraOf(extendScope(scope, { flow: () => flowView(flow) })),
      }
      return { answer: respondJson(status, answer, headers), flow }
    },
  }
}
