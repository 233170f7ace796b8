import type { StateOptions } from '../../admin/open-admin.ts'
import { withAdmin, withStateOptions } from '../../admin/state-command.ts'
import type { DefineCommand } from '../../command-table.ts'
import { examples } from '../../output/examples.ts'
import { json } from '../../output/json.ts'
import { describeSession } from './describe-session.ts'
import { sessionRows } from './session-rows.ts'

interface CreateOptions extends StateOptions {
  readonly label?: string
  readonly ttl?: string
  readonly isolated?: boolean
  readonly from?: string
  readonly bindClientId?: readonly string[]
  readonly bindApiKey?: readonly string[]
  readonly bindBasic?: readonly string[]
  readonly bindHost?: readonly string[]
}

export const defineSessionsCreate: DefineCommand = (command, terminal) => {
  withStateOptions(command)
    .option('--label <label>', 'a name of your own for it, such as the ticket')
    .option('--ttl <duration>', 'how long it lives unused, such as 30m or 7d (default: 7d)')
    .option('--isolated', 'never fall back to global payloads and flows')
    .option('--from <session>', 'begin as a copy of this session, by id or label')
    .option('--bind-client-id <id...>', 'what this OAuth client sends belongs to the session')
    .option('--bind-api-key <key...>', 'so for what carries this API key')
    .option('--bind-basic <user...>', 'so for what this user of Basic authentication sends')
    .option('--bind-host <host...>', 'so for what is sent to this host name')
    .addHelpText(
      'after',
      examples(
        'imnot sessions create --label INT-4211',
        'imnot sessions create --ttl 2h --json',
        'imnot sessions create --label INT-4211 --bind-client-id acme-test-7',
      ),
    )
    .action(async (options: CreateOptions) => {
      const { label, ttl, isolated, from } = options
      const bind = {
        clientId: options.bindClientId,
        apiKey: options.bindApiKey,
        basic: options.bindBasic,
        host: options.bindHost,
      }
      const session = await withAdmin(terminal, options, (imnot) =>
        imnot.sessions.create({ label, ttl, isolated, from, bind }),
      )
      if (options.json) return terminal.out(json(describeSession(session)))
      terminal.out(sessionRows(session))
    })
}
