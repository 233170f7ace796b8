import * as z from 'zod'

/** RFC 9110, 5.6.2. */
const token = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/
/** What node:http agrees to send. */
const sendable = /^[\t -~\u0080-\u00ff]*$/

/** The server frames its answers itself: a second opinion about length or connection would break them. */
const ownedByServer: readonly string[] = [
  'connection',
  'content-length',
  'keep-alive',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
]

const nameRule = 'a header name without spaces or separators'

export const headerName = z.string({ error: nameRule }).regex(token, { error: nameRule })

/** A header that imnot is told to send. */
export const sentHeaderName = headerName.superRefine((name, context) => {
  const message = headerNameFault(name)
  if (message) context.addIssue({ code: 'custom', message, params: { code: 'bad-header' } })
})

const headerText = z
  .union([z.string().regex(sendable, { error: 'printable Latin-1 text on one line' }), z.number(), z.boolean()], {
    error: 'text, a number, true or false',
  })
  .transform((value) => String(value))

/** `headers` of an answer; every value is text, or a list of texts, in the parsed definition. */
export const headers = z
  .record(
    headerName,
    z.union([headerText, z.array(headerText)], { error: 'text, a number, true, false, or a list of these' }),
    {
      error: 'a mapping of header names to values',
    },
  )
  .superRefine((value, context) => {
    const seen = new Map<string, string>()
    for (const name of Object.keys(value)) {
      const lower = name.toLowerCase()
      const message = headerNameFault(name, seen.get(lower))
      seen.set(lower, name)
      if (message)
        context.addIssue({ code: 'custom', message, path: [name], params: { code: 'bad-header', at: 'key' } })
    }
  })
  .prefault({})
  .describe('Headers of the answer; a list of values sends the header several times.')

/** Why imnot cannot be told to send this header, or undefined. */
function headerNameFault(name: string, earlier?: string): string | undefined {
  if (ownedByServer.includes(name.toLowerCase())) {
    return `The header "${name}" is set by the server itself; leave it out.`
  }
  if (earlier !== undefined) return `The header "${name}" is the same as "${earlier}"; give its values as one list.`
  return undefined
}
