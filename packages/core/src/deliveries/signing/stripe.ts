import { createHmac } from 'node:crypto'
import { type Signer, timestampOf } from './signing.ts'

/** https://docs.stripe.com/webhooks#verify-manually: the secret is used as text, its `whsec_` included. */
export const signStripe: Signer = (signed, { key }) => {
  const timestamp = timestampOf(signed)
  const signature = createHmac('sha256', key).update(`${timestamp}.`).update(signed.body).digest('hex')
  return ['stripe-signature', `t=${timestamp},v1=${signature}`]
}
