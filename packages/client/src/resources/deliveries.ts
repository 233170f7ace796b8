import { adminPath, type Caller } from '../caller.ts'
import type { DeliveryInfo } from '../shapes.ts'

/** The callbacks that imnot owes or owed. */
export interface Deliveries {
  /** Newest first. */
  list(filter?: DeliveryFilter): Promise<DeliveryInfo[]>
  /** By the `request_id` that the consumer got. */
  get(id: string): Promise<DeliveryInfo>
  /** Owes it again, with all its retries. */
  redeliver(id: string, options?: Redeliver): Promise<DeliveryInfo>
}

/** Those of one session. Ids are unique, so that one alone needs no session. */
export interface SessionDeliveries {
  /** Newest first. */
  list(): Promise<DeliveryInfo[]>
}

export interface DeliveryFilter {
  /** Id or label; null means those of no session. @default all of them */
  readonly session?: string | null | undefined
}

export interface Redeliver {
  /** `current` sends the payload of now, `same` the bytes of before. @default 'same' */
  readonly payload?: 'same' | 'current' | undefined
}

export function createDeliveries(call: Caller): Deliveries {
  return {
    list: ({ session } = {}) =>
      call.json('GET', adminPath('deliveries'), { query: { session: session === null ? '' : session } }),
    get: (id) => call.json('GET', adminPath('deliveries', id)),
    redeliver: (id, { payload } = {}) =>
      call.json('POST', adminPath('deliveries', id, 'redeliver'), { query: { payload } }),
  }
}
