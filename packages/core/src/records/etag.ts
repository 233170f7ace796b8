import { createHash } from 'node:crypto'
import type { RecordState } from './record-state.ts'

/** Of what a record holds, hidden members included: equal as long as nobody changed it, on every node and before anything is stored. */
export function etagOf({ id, content }: Pick<RecordState, 'id' | 'content'>): string {
  return `"${createHash('sha256')
    .update(JSON.stringify([id, content]))
    .digest('base64url')
    .slice(0, 22)}"`
}
