import * as z from 'zod'

const units: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 }
const pattern = /^(\d{1,9}(?:\.\d{1,3})?)(ms|s|m|h|d)$/
const expected = 'a duration such as 250ms, 5s, 2m, 1h or 7d'

/** Milliseconds in the parsed definition. */
export const duration = z
  .string({ error: expected })
  .regex(pattern, { error: expected })
  .transform((text) => {
    const [, amount, unit = ''] = pattern.exec(text) ?? []
    return Number(amount) * (units[unit] ?? 0)
  })
  .meta({ examples: ['250ms', '5s', '2m'] })
