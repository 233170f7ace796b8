import * as z from 'zod'

const text = z.string('expects text').trim().min(1, 'expects text, found nothing')
const flag = z.boolean('expects true or false')
const portError = 'expects a whole number from 0 to 65535'
const secondsError = 'expects a number of seconds above 0, at most 60'
const webUrl = z.url({ protocol: /^https?$/, error: 'expects an http or https URL' })

/** The keys of `imnot.yaml`. Environment and flags are brought into the same form, so that one schema checks all three. */
export const configSchema = z
  .strictObject(
    {
      host: text.describe('The address to listen on. Default 127.0.0.1; any other needs IMNOT_ADMIN_KEY.'),
      port: z.int(portError).min(0, portError).max(65_535, portError).describe('Default 8000; 0 takes any free port.'),
      storage: text.describe('memory, sqlite:PATH, postgres://…, redis://…, or a module. Default sqlite:imnot.db.'),
      db: text.describe('Short for storage: sqlite:PATH.'),
      partners_dir: text.describe('The folder that holds NAME/partner.yaml. Default partners.'),
      patterns: z
        .array(text, 'expects a list')
        .describe('Modules of patterns of your own: ./patterns/queue.js, or a package.'),
      base_url: webUrl.describe('Where consumers reach imnot, where that is not where it listens.'),
      watch: flag.describe('Reload the definitions when their files change. Default false.'),
      journal: flag.describe('Keep a journal of the requests that come. Default true.'),
      pid_file: text.describe('Where the process writes its id. Default imnot.pid.'),
      tls: z
        .strictObject({ cert: text, key: text }, 'expects cert and key')
        .partial()
        .describe('PEM files; with them imnot speaks https.'),
      callbacks: z
        .strictObject(
          {
            allow: z.array(text, 'expects a list'),
            timeout_seconds: z.number(secondsError).gt(0, secondsError).max(60, secondsError),
          },
          'expects allow and timeout_seconds',
        )
        .partial()
        .describe(
          'allow: local receivers that may be called (host, *.suffix, IP, CIDR) while others can reach imnot. ' +
            'timeout_seconds: how long one attempt may take; default 15.',
        ),
    },
    'expects keys and values',
  )
  .partial()

export type ConfigValues = z.infer<typeof configSchema>

/** The JSON Schema of `imnot.yaml`, for editors. */
export function configJsonSchema(): Record<string, unknown> {
  return { title: 'imnot.yaml', ...z.toJSONSchema(configSchema, { io: 'input' }) }
}
