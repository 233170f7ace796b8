import { memoryStorage } from '@imnot/core'
import { createImnot } from '@imnot/node'
import { builtinPatterns, findPattern, formatDiagnostic, routesOf } from '@imnot/schema'
import type { DefineCommand } from '../command-table.ts'
import { checkDefinitions } from '../definitions/check-definitions.ts'
import { configuredPatterns, withPatternOption } from '../definitions/configured-patterns.ts'
import { columns } from '../output/columns.ts'
import { examples } from '../output/examples.ts'
import { json } from '../output/json.ts'
import { readSettings } from '../settings.ts'

interface RoutesOptions {
  readonly partnersDir?: string
  readonly pattern?: readonly string[]
  readonly json?: boolean
}

interface AdminRouteJson {
  readonly method: string
  readonly path: string
  readonly summary: string
}

export const defineRoutes: DefineCommand = (command, terminal) => {
  withPatternOption(command)
    .option('--partners-dir <dir>', 'folder of the partners')
    .option('--json', 'answer in JSON')
    .addHelpText('after', examples('imnot routes', 'imnot routes --json'))
    .action(async (options: RoutesOptions) => {
      const settings = await readSettings(terminal, options)
      const { partnersDir } = settings
      const own = await configuredPatterns(settings, terminal.cwd)
      const patterns = [...builtinPatterns, ...own]
      const { definitions, failed } = await checkDefinitions([partnersDir], terminal.cwd, own)
      for (const diagnostic of failed.flatMap((failure) => failure.diagnostics))
        terminal.note(formatDiagnostic(diagnostic))
      const routes = definitions.flatMap(({ definition }) => routesOf(definition))
      const admin = await adminRoutes()
      if (options.json) {
        const consumer = routes.map(({ method, path, partner, datapoint, pattern, step = null }) => ({
          method,
          path,
          partner,
          datapoint,
          pattern,
          step,
          payload: findPattern(pattern, patterns)?.takesPayload ? `/imnot/admin/${partner}/${datapoint}/payload` : null,
        }))
        return terminal.out(json({ consumer, admin }))
      }
      const rows = routes.map(({ method, path, partner, datapoint, pattern, step }) => [
        method,
        path,
        `${partner}/${datapoint}`,
        step === undefined ? pattern : `${pattern}, step ${step}`,
      ])
      terminal.out(rows.length === 0 ? `No partner in ${partnersDir}.` : columns(rows))
      terminal.out(`\n${columns(admin.map(({ method, path, summary }) => [method, path, summary]))}`)
    })
}

/** The admin API describes itself; an engine over nothing is enough to ask it. */
async function adminRoutes(): Promise<AdminRouteJson[]> {
  await using imnot = await createImnot({ storage: memoryStorage(), background: false })
  const { paths } = await imnot.openApi()
  return Object.entries(paths).flatMap(([path, operations]) =>
    Object.entries(operations).map(([method, { summary }]) => ({ method: method.toUpperCase(), path, summary })),
  )
}
