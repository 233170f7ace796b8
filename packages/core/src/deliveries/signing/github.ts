import { createHmac } from 'node:crypto'
import type { Signer } from './signing.ts'

/** https://docs.github.com/webhooks/using-webhooks/validating-webhook-deliveries */
export const signGithub: Signer = ({ id, body }, { key }) => {
  const signature = createHmac('sha256', key).update(body).digest('hex')
  return ['x-github-delivery', id, 'x-hub-signature-256', `sha256=${signature}`]
}
