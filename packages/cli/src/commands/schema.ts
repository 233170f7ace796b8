import { builtinPatterns, definitionJsonSchema } from '@imnot/schema'
import type { DefineCommand } from '../command-table.ts'
import { configuredPatterns, withPatternOption } from '../definitions/configured-patterns.ts'
import { examples } from '../output/examples.ts'
import { json } from '../output/json.ts'
import { readSettings } from '../settings.ts'

export const defineSchema: DefineCommand = (command, terminal) => {
  withPatternOption(command)
    .option('--json', 'as always: the schema is JSON')
    .addHelpText('after', examples('imnot schema > imnot.schema.json'))
    .action(async (options: { readonly pattern?: readonly string[] }) => {
      const patterns = await configuredPatterns(
        await readSettings(terminal, { pattern: options.pattern }),
        terminal.cwd,
      )
      terminal.out(json(definitionJsonSchema([...builtinPatterns, ...patterns])))
    })
}
