import type { Command } from 'commander'
import { queryOf } from '../../admin/call.ts'
import type { StateOptions } from '../../admin/open-admin.ts'

export interface FlowFilterOptions extends StateOptions {
  readonly partner?: string
  readonly datapoint?: string
  readonly session?: string
}

export function withFlowFilter(command: Command): Command {
  return command
    .option('--partner <partner>', 'only flows of this partner')
    .option('--datapoint <datapoint>', 'only flows of this datapoint')
    .option('--session <session>', 'only flows of this session, by id or label')
}

export function flowQuery({ partner, datapoint, session }: FlowFilterOptions): string {
  return queryOf({ partner, datapoint, session })
}
