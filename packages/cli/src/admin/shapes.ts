/** What the admin API answers with, as far as the commands read it. */

export interface PartnerJson {
  readonly partner: string
  readonly description: string
  readonly source: 'file' | 'registered'
  readonly file: string | null
  readonly datapoints: readonly DatapointJson[]
}

export interface DatapointJson {
  readonly name: string
  readonly pattern: string
  readonly endpoints: readonly { readonly method: string; readonly path: string; readonly step: number | null }[]
}

export interface PayloadJson {
  readonly content_type: string
  readonly bytes: number
  readonly sha256: string
  readonly updated_at: string
}

export interface SessionJson {
  readonly session_id: string
  readonly label: string | null
  readonly payloads: readonly { readonly partner: string; readonly datapoint: string }[]
  readonly isolated: boolean
  readonly created_at: string
  readonly expires_at: string
  readonly base_url?: string
  readonly token?: string
}

export interface ClockJson {
  readonly session_id: string | null
  readonly now: string
  readonly frozen: boolean
  readonly offset_ms: number
  /** Only after it was advanced. */
  readonly applied?: number
}

export interface FlowJson {
  readonly id: string
  readonly partner: string
  readonly datapoint: string
  readonly session_id: string | null
  readonly steps_done: readonly number[]
  readonly updated_at: string
}

export interface DeliveryJson {
  readonly id: string
  readonly partner: string
  readonly datapoint: string
  readonly url: string
  readonly status: string
  readonly attempts: readonly unknown[]
}
