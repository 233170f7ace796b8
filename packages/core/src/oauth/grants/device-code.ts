import { changeOf, type FlowState } from '../../flows/flow-record.ts'
import type { GrantState } from '../grant.ts'
import type { GrantKind } from '../granted.ts'
import { isOauthError, type OauthError, oauthError } from '../oauth-error.ts'
import { liveGrant } from './live-grant.ts'

/** RFC 8628, section 3.5: each time that is too soon, the interval grows by so many seconds. */
const slowedBy = 5

/** Polled by the device until the user has consented; a tester may let it wait, consent, or refuse. */
export const deviceCodeGrant: GrantKind = (asked) => {
  if (asked.fields('device_code') === null) return oauthError('invalid_request', 'device_code is missing')
  const live = liveGrant(asked, 'device')
  if (isOauthError(live)) return live
  const { grant, flow } = live
  const now = asked.moment.situation.flowClock.now
  const state = flow.value.grant as GrantState
  const { polls = 0, polledAt, interval = 0, readyAt } = state
  if (polledAt !== undefined && now - polledAt < interval * 1000) {
    const slower = interval + slowedBy
    const description = `the last poll was less than ${interval} s ago; poll every ${slower} s from now on`
    return polled(flow, { ...state, polledAt: now, interval: slower }, oauthError('slow_down', description))
  }
  const { steered } = flow.value
  const isDue = readyAt === undefined ? polls <= 0 : now >= readyAt
  const isReady = steered === 'complete' || (isDue && steered !== 'hold')
  if (!isReady) {
    const next = { ...state, polledAt: now, ...(readyAt === undefined && { polls: polls - 1 }) }
    return polled(flow, next, oauthError('authorization_pending', 'the user has not consented yet'))
  }
  return {
    subject: grant.claims?.sub as string,
    scope: grant.scope,
    audience: grant.audience ?? null,
    flow,
    isRefreshable: true,
    authTime: Math.floor(asked.moment.situation.now / 1000),
  }
}

function polled(flow: FlowState, grant: GrantState, error: OauthError): OauthError {
  const value = { ...flow.value, polls: flow.value.polls + 1, grant }
  return { ...error, flow: changeOf(flow, { value }) }
}
