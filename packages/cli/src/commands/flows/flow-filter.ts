import type { FlowFilter } from '@imnot/client'
import type { Command } from 'commander'
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

export function flowFilter({ partner, datapoint, session }: FlowFilterOptions): FlowFilter {
  return { partner, datapoint, session }
}
