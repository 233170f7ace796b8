import type { RequestInfo } from '@imnot/client'

/** One request as a row: when, what, the answer, who answered it and in which session. */
export function requestRow(request: RequestInfo): string[] {
  const { at, method, url, status, duration_ms: duration, session_id: session, session_by: rule } = request
  return [
    at.slice(11, 23),
    `${method} ${url}`,
    `${status}`,
    `${duration} ms`,
    placeOf(request),
    session === null ? '-' : `session ${session.slice(0, 8)} by ${rule}`,
  ]
}

/** `acme/data-sync step 2`, and what refused it. */
export function placeOf({ partner, datapoint, step, refused_by: refused }: RequestInfo): string {
  const place = partner === null ? 'no route' : `${partner}/${datapoint}${step === null ? '' : ` step ${step}`}`
  return refused === null || partner === null ? place : `${place}, refused: ${refused}`
}
