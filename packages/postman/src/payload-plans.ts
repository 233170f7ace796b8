import type { RequestPlan } from './requests/plan.ts'

interface PayloadPlace {
  readonly partner: string
  readonly datapoint: string
  /** The example to upload. */
  readonly payload: unknown
}

/** Upload and inspection of a datapoint's payload. */
export function payloadPlans({ partner, datapoint, payload }: PayloadPlace): RequestPlan[] {
  const path = `/imnot/admin/${partner}/${datapoint}/payload`
  return [
    {
      name: 'Upload a payload',
      description:
        'Put your own payload in the body: it comes back byte for byte. With a session it is of that session alone.',
      method: 'POST',
      path,
      isAdmin: true,
      body: { json: payload },
      answer: { status: 200, body: { status: 'ok', partner, datapoint, content_type: 'application/json' } },
    },
    {
      name: 'Inspect the payload',
      method: 'GET',
      path,
      isAdmin: true,
      answer: { status: 200, body: { payload, updated_at: '2026-01-01T00:00:00.000Z' } },
    },
  ]
}
