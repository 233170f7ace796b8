import { expect } from 'vitest'
import { run } from './run.ts'

/** One command of a page, and the lines that it prints. */
interface Turn {
  readonly command: string
  readonly expected: readonly string[]
}

export interface Stage {
  readonly folder: string
  readonly url: string
  /** Resolves when the server has written down what it answered. */
  readonly settle: () => Promise<unknown>
}

/**
 * Plays the `console` blocks of a page one after the other in a folder, beside a server: `$` begins a command, `imnot` or the few
 * options of `curl` that pages use. `…` stands for anything, a line of it for any lines, `<name>` for the same text wherever it comes.
 */
export async function playConsole(page: string, { folder, url, settle }: Stage): Promise<number> {
  const known = new Map<string, string>()
  const turns = [...page.matchAll(/```console\n([\s\S]*?)```/g)].flatMap(([, block = '']) => turnsOf(block))
  for (const { command, expected } of turns) {
    const words = wordsOf(fill(command, known).replaceAll('$IMNOT', url))
    const [program, ...args] = words
    if (program === 'imnot') await settle()
    const printed = program === 'curl' ? await curl(args) : await imnot(folder, args)
    meet(printed.trimEnd(), expected.join('\n'), known)
  }
  return turns.length
}

function turnsOf(block: string): Turn[] {
  const turns: { command: string; expected: string[] }[] = []
  for (const line of block.trimEnd().split('\n')) {
    if (line.startsWith('$ ')) turns.push({ command: line.slice(2), expected: [] })
    else turns.at(-1)?.expected.push(line)
  }
  return turns
}

async function imnot(folder: string, args: readonly string[]): Promise<string> {
  const { out, err } = await run(folder, args)
  return out + err
}

/** Prints the status: what pages ask for. */
async function curl(args: readonly string[]): Promise<string> {
  const headers = new Headers()
  let method = 'GET'
  let url = ''
  for (let index = 0; index < args.length; index++) {
    const word = args[index] ?? ''
    if (word === '-s') continue
    if (word === '-o' || word === '-w') index++
    else if (word === '-X') method = args[++index] ?? ''
    else if (word === '-u') headers.set('authorization', `Basic ${btoa(args[++index] ?? '')}`)
    else if (word === '-H') {
      const [name = '', ...value] = (args[++index] ?? '').split(': ')
      headers.set(name, value.join(': '))
    } else if (word.startsWith('-')) throw new Error(`A page may not use curl ${word}.`)
    else url = word
  }
  return String((await fetch(url, { method, headers })).status)
}

function wordsOf(command: string): string[] {
  return [...command.matchAll(/'([^']*)'|(\S+)/g)].map(([, quoted, plain]) => quoted ?? plain ?? '')
}

function fill(text: string, known: ReadonlyMap<string, string>): string {
  return text.replace(/<(\w+)>/g, (all, name: string) => known.get(name) ?? all)
}

function meet(printed: string, expected: string, known: Map<string, string>): void {
  const names: string[] = []
  const source = fill(expected, known)
    .replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
    .replace(/^…$/gm, '[\\s\\S]*')
    .replace(/ *… */g, '.*')
    .replace(/<(\w+)>/g, (_all, name: string) => {
      names.push(name)
      return names.indexOf(name) === names.length - 1 ? `(?<${name}>\\S+)` : `\\k<${name}>`
    })
  const match = new RegExp(`^${source}$`).exec(printed)
  if (match === null) expect(printed).toBe(fill(expected, known))
  for (const name of new Set(names)) known.set(name, match?.groups?.[name] ?? '')
}
