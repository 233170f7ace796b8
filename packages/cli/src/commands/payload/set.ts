import { readFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { mediaTypeOf } from '@imnot/core'
import type { StateOptions } from '../../admin/open-admin.ts'
import { withAdmin, withStateOptions } from '../../admin/state-command.ts'
import { CommandFailure } from '../../command-failure.ts'
import type { DefineCommand } from '../../command-table.ts'
import { examples } from '../../output/examples.ts'
import { json } from '../../output/json.ts'
import type { Terminal } from '../../output/terminal.ts'
import { payloadsOf } from './payloads-of.ts'
import { collectPair, paramsOf, payloadName, type WhichOptions, withWhichOptions } from './which-payload.ts'

interface SetOptions extends StateOptions, WhichOptions {
  readonly status?: number
  readonly header: Readonly<Record<string, string>>
  readonly verbatim?: boolean
  readonly contentType?: string
  readonly allowEmpty?: boolean
}

export const definePayloadSet: DefineCommand = (command, terminal) => {
  withWhichOptions(withStateOptions(command))
    .argument('<partner>')
    .argument('<datapoint>')
    .argument('[file]', 'the payload; standard input without it, or with -')
    .option('--status <status>', 'the status of the answers with it, instead of the declared one', Number)
    .option('--header <name: value>', 'a header of these answers; may come several times', collectPair(':'), {})
    .option('--content-type <type>', 'media type; without it the name of the file tells, then the content')
    .option('--allow-empty', 'take a payload of 0 bytes')
    .option('--verbatim', 'take the bytes without looking whether JSON or XML is well formed')
    .addHelpText(
      'after',
      examples(
        'imnot payload set staylink reservation reservation.json',
        'imnot payload set bookingco charges --session INT-4211 < charges.json',
        'imnot payload set acme report report.bin --content-type application/pdf',
        'imnot payload set bookingco charges late.json --id RES-1',
        'imnot payload set bookingco charges error.json --status 503 --header "Retry-After: 30"',
      ),
    )
    .action(async (partner: string, datapoint: string, file: string | undefined, options: SetOptions) => {
      const body = await readPayload(terminal, file)
      if (body.byteLength === 0 && !options.allowEmpty) throw new CommandFailure(`${emptyFrom(file)} ${sayEmpty}`)
      const contentType = options.contentType ?? mediaTypeOf(file ?? '') ?? undefined
      const params = paramsOf(options)
      const stored = await withAdmin(terminal, options, async (imnot) => {
        const payloads = await payloadsOf(imnot, options.session)
        const { verbatim, status, header: headers } = options
        return payloads.set(partner, datapoint, body, { params, contentType, verbatim, status, headers })
      })
      if (options.json) return terminal.out(json(stored))
      const whose = stored.session_id === null ? '' : ` in session ${stored.session_id}`
      terminal.out(
        `${payloadName(partner, datapoint, params)}${whose}: ${stored.bytes} bytes of ${stored.content_type}, sha256 ${stored.sha256}`,
      )
    })
}

/** A pipe whose first command failed brings nothing, and an empty answer would be a riddle later. */
const sayEmpty =
  'and nothing was stored; check where it comes from, or say --allow-empty if the payload is to be empty.'

function emptyFrom(file: string | undefined): string {
  return isInput(file) ? 'Standard input was empty,' : `The file ${file} is empty,`
}

function isInput(file: string | undefined): file is undefined | '-' {
  return file === undefined || file === '-'
}

async function readPayload(terminal: Terminal, file: string | undefined): Promise<Uint8Array> {
  if (!isInput(file)) {
    return readFile(resolve(terminal.cwd, file)).catch((error: Error) => {
      throw new CommandFailure(`The payload cannot be read: ${error.message}.`)
    })
  }
  if (terminal.isInteractive) terminal.note('Reading the payload from standard input; end it with Ctrl-D.')
  return terminal.readInput()
}
