import { findPattern } from '@imnot/schema'
import type { AdminApi } from '../../admin/admin-api.ts'
import { adminPath, call, callJson } from '../../admin/call.ts'
import type { StateOptions } from '../../admin/open-admin.ts'
import type { PartnerJson, PayloadJson } from '../../admin/shapes.ts'
import { withAdmin, withStateOptions } from '../../admin/state-command.ts'
import { CommandFailure } from '../../command-failure.ts'
import type { DefineCommand } from '../../command-table.ts'
import { columns } from '../../output/columns.ts'
import { examples } from '../../output/examples.ts'
import { json } from '../../output/json.ts'

interface ListOptions extends StateOptions {
  readonly session?: string
}

interface ListedPayload {
  readonly partner: string
  readonly datapoint: string
  readonly content_type: string
  readonly bytes: number
  readonly sha256: string
  readonly updated_at: string
}

export const definePayloadList: DefineCommand = (command, terminal) => {
  withStateOptions(command)
    .option('--session <session>', 'id or label of the session whose payloads are meant')
    .addHelpText('after', examples('imnot payload list', 'imnot payload list --session INT-4211 --json'))
    .action(async (options: ListOptions) => {
      const payloads = await withAdmin(terminal, options, (api) => listPayloads(api, options.session))
      if (options.json) return terminal.out(json(payloads))
      if (payloads.length === 0)
        return terminal.out('No payload is set; `imnot payload set PARTNER DATAPOINT FILE` sets one.')
      terminal.out(
        columns(
          payloads.map((payload) => [
            `${payload.partner}/${payload.datapoint}`,
            `${payload.bytes} bytes`,
            payload.content_type,
            payload.updated_at,
          ]),
        ),
      )
    })
}

async function listPayloads(api: AdminApi, session: string | undefined): Promise<ListedPayload[]> {
  const headers: Record<string, string> = session === undefined ? {} : { 'x-imnot-session': session }
  // A session that is not there would look like one without payloads.
  if (session !== undefined) await call(api, 'GET', adminPath('sessions', session))
  const partners = await callJson<PartnerJson[]>(api, 'GET', adminPath('partners'))
  const listed: ListedPayload[] = []
  for (const { partner, datapoints } of partners) {
    for (const { name: datapoint, pattern } of datapoints) {
      if (!findPattern(pattern)?.takesPayload) continue
      const { status, body } = await api.request('GET', adminPath(partner, datapoint, 'payload'), { headers })
      if (status === 404) continue
      if (status !== 200)
        throw new CommandFailure(`The payload of ${partner}/${datapoint} cannot be read (status ${status}).`)
      const { content_type, bytes, sha256, updated_at } = JSON.parse(body.toString()) as PayloadJson
      listed.push({ partner, datapoint, content_type, bytes, sha256, updated_at })
    }
  }
  return listed
}
