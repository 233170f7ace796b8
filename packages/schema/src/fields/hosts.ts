import * as z from 'zod'
import { text } from './leaf.ts'

const rule = 'a host name such as api.acme.example, without scheme and port'
const host = text(rule, /^[A-Za-z0-9_]([A-Za-z0-9_.-]*[A-Za-z0-9_])?$|^\[[0-9A-Fa-f:.]+\]$/).transform((name) =>
  name.toLowerCase(),
)

/** `hosts` of a partner: it answers requests to these alone. */
export const hosts = z
  .union([host.transform((one) => [one]), z.array(host).min(1, { error: 'a list of at least one host name' })], {
    error: `${rule}, or a list of these`,
  })
  .optional()
  .describe('The host names that the partner answers, so that two partners with the same paths share one server.')
