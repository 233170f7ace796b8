import type { Outbound, OutboundRequest } from '../../src/index.ts'
import { manualClock } from './manual-clock.ts'

export type ReceiverAnswer = number | { readonly status: number; readonly retryAfter: string } | Error

export interface ReceivedCall extends OutboundRequest {
  readonly at: number
  readonly text: string
  header(name: string): string | undefined
}

/** A receiver that gives these answers, the last one again and again, on a clock that stands until it is moved. */
export function receiver(...answers: ReceiverAnswer[]) {
  const calls: ReceivedCall[] = []
  const clock = manualClock()
  const send: Outbound = async (request) => {
    calls.push({
      ...request,
      at: clock.now(),
      text: new TextDecoder().decode(request.body),
      header: (name) => {
        const index = request.headers.findIndex((text, place) => place % 2 === 0 && text.toLowerCase() === name)
        return index < 0 ? undefined : request.headers[index + 1]
      },
    })
    const answer = answers[Math.min(calls.length, answers.length) - 1] ?? 200
    if (answer instanceof Error) throw answer
    const { status, retryAfter } = typeof answer === 'number' ? { status: answer, retryAfter: null } : answer
    return { status, retryAfter, body: new Uint8Array(0) }
  }
  return { calls, clock, send }
}
