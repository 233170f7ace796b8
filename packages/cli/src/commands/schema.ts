import { definitionJsonSchema } from '@imnot/schema'
import type { DefineCommand } from '../command-table.ts'
import { examples } from '../output/examples.ts'
import { json } from '../output/json.ts'

export const defineSchema: DefineCommand = (command, terminal) => {
  command
    .option('--json', 'as always: the schema is JSON')
    .addHelpText('after', examples('imnot schema > imnot.schema.json'))
    .action(() => terminal.out(json(definitionJsonSchema())))
}
