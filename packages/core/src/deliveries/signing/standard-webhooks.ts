import { Buffer } from 'node:buffer'
import { createHmac } from 'node:crypto'
import { type Signer, timestampOf } from './signing.ts'

/** https://github.com/standard-webhooks/standard-webhooks: the secret is base64, with or without `whsec_` before it. */
export const signStandardWebhooks: Signer = (signed, { key, prefix = 'webhook' }) => {
  const timestamp = timestampOf(signed)
  const secret = Buffer.from(key.replace(/^whsec_/, ''), 'base64')
  if (secret.byteLength === 0)
    throw new Error('a secret of Standard Webhooks is base64, with or without whsec_ before it')
  const signature = createHmac('sha256', secret)
    .update(`${signed.id}.${timestamp}.`)
    .update(signed.body)
    .digest('base64')
  const name = prefix.replace(/-$/, '')
  return [`${name}-id`, signed.id, `${name}-timestamp`, timestamp, `${name}-signature`, `v1,${signature}`]
}
