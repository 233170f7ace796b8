import { readFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { languageReference } from '@imnot/schema'
import { CommandFailure } from '../command-failure.ts'
import type { DefineCommand } from '../command-table.ts'
import { examples } from '../output/examples.ts'
import { json } from '../output/json.ts'
import type { Terminal } from '../output/terminal.ts'

interface PromptOptions {
  readonly json?: boolean
}

export const definePrompt: DefineCommand = (command, terminal) => {
  command.addHelpText(
    'after',
    examples(
      'imnot prompt | pbcopy',
      'imnot prompt openapi partner-api.yaml > prompt.txt',
      'imnot generate < answer.txt',
    ),
  )
  command
    .command('describe', { isDefault: true })
    .description('the prompt, with a place for your description of the API')
    .option('--json', 'answer in JSON')
    .action((options: PromptOptions) => print(terminal, prompt(describedInWords), options))
  command
    .command('openapi')
    .description('the prompt, with the text of an OpenAPI document')
    .argument('<file>', 'the OpenAPI document, YAML or JSON')
    .option('--json', 'answer in JSON')
    .action(async (file: string, options: PromptOptions) => {
      const document = await readFile(resolve(terminal.cwd, file), 'utf8').catch((error: Error) => {
        throw new CommandFailure(`The OpenAPI document cannot be read: ${error.message}.`)
      })
      print(terminal, prompt(describedByOpenApi(document)), options)
    })
}

function print(terminal: Terminal, text: string, options: PromptOptions): void {
  terminal.out(options.json ? json({ prompt: text }) : text)
}

function prompt(api: string): string {
  return `You write a definition for imnot, a mock server for external partner APIs. The definition is one YAML file. The language is
described below between the lines of equals signs; use nothing that it does not describe.

Answer with exactly one fenced yaml block that holds the whole file, and nothing after it. Where the API leaves something
open, choose what such an API usually does and say so in a YAML comment.

========================================================================
${languageReference.trimEnd()}
========================================================================

${api}`
}

const describedInWords = `This is the API to describe:

[Say here who the partner is and which requests it takes. For each one: method and path, what it answers (status, headers,
body), and whether the answer comes at once, after polling, or as a call to a URL that the request names.]`

function describedByOpenApi(document: string): string {
  return `This is the OpenAPI document of the API to describe. Leave out what a consumer of this API would never call.

\`\`\`\`
${document.trimEnd()}
\`\`\`\``
}
