import type { OauthDatapoint } from '@imnot/schema'
import { endpointPlans } from './endpoint-plans.ts'
import { requestsOf } from './pattern.ts'

/** Asks for a token, and keeps it. */
export const oauthRequests = requestsOf<OauthDatapoint>('oauth', {
  requests(context) {
    const token = context.variable('access_token', '', 'The token that was last handed out')
    return context.datapoint.endpoints.flatMap((endpoint) => {
      const { status, token_type, expires_in } = endpoint.response
      const body = { access_token: 'eyJhbGciOiJFUzI1NiJ9.e30.example', token_type, expires_in }
      return endpointPlans(context, endpoint, {
        body: {
          form: [
            ['grant_type', 'client_credentials'],
            ['client_id', 'example'],
            ['client_secret', 'example'],
          ],
        },
        captures: endpoint.method.every((method) => method === 'HEAD')
          ? []
          : [{ variable: token, from: { json: ['access_token'] } }],
        answer: { status, body },
      })
    })
  },
})
