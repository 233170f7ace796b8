import * as z from 'zod'

const units: Readonly<Record<string, number>> = { B: 1, KiB: 1024, MiB: 1_048_576, KB: 1000, MB: 1_000_000 }
const pattern = /^(\d{1,9}) ?(B|KiB|MiB|KB|MB)$/
const mostBytes = 50 * 1_048_576
const expected = 'a size up to 50 MiB, such as 10 KiB or 5 MiB'

/** `body_limit` of an endpoint; bytes in the parsed definition. */
export const bodyLimit = z
  .string({ error: expected })
  .regex(pattern, { error: expected })
  .transform((text) => {
    const [, amount, unit = ''] = pattern.exec(text) ?? []
    return Number(amount) * (units[unit] ?? 1)
  })
  .refine((bytes) => bytes <= mostBytes, { error: '"body_limit" is 50 MiB at most.' })
  .optional()
  .describe('The longest body that is taken, by default 1 MiB; a longer one is 413.')
  .meta({ examples: ['10 KiB', '5 MiB'] })
