import * as z from 'zod'
import { text } from './leaf.ts'

/** The admin API has resources of these names beside the partners, so that no partner may be called so. */
export const reservedPartnerNames: readonly string[] = [
  'partners',
  'reload',
  'sessions',
  'payloads',
  'clock',
  'flows',
  'requests',
  'deliveries',
  'postman',
  'openapi',
  'openapi.json',
  'docs',
]

const namePattern = /^[a-zA-Z0-9_-]{1,64}$/
const nameRule = '1 to 64 letters, digits, "-" or "_"'

export const partnerName = text(nameRule, namePattern)
  .superRefine((name, context) => {
    if (!reservedPartnerNames.includes(name.toLowerCase())) return
    const message = `A partner cannot be called "${name}", because the admin API has a resource of that name; choose another name.`
    context.addIssue({ code: 'custom', message, params: { code: 'reserved-name' } })
  })
  .describe('Name of the partner. It appears in the URLs of the admin API.')

export const datapointName = text(nameRule, namePattern).describe(
  'Name of the datapoint, unique within the partner. It appears in the URLs of the admin API.',
)

export const description = z
  .string({ error: 'text' })
  .optional()
  .describe('What this is, for people. It has no effect on the answers.')
