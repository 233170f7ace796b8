import { Buffer } from 'node:buffer'
import { main } from '../../src/main.ts'

export interface RunOptions {
  readonly env?: Readonly<Record<string, string>>
  readonly input?: string | Uint8Array
  /** What a person at the terminal answers; without it nobody is there. */
  readonly answer?: string
}

export interface Ran {
  readonly code: number
  readonly bytes: Buffer
  readonly out: string
  readonly err: string
  /** What `--json` printed. */
  readonly json: unknown
}

/** Runs a command in this process, and collects what it says. */
export async function run(cwd: string, argv: readonly string[], options: RunOptions = {}): Promise<Ran> {
  const out: Uint8Array[] = []
  const notes: string[] = []
  const code = await main(argv, {
    cwd,
    env: options.env ?? {},
    isInteractive: options.answer !== undefined,
    out: (result) => out.push(typeof result === 'string' ? Buffer.from(`${result}\n`) : result),
    note: (text) => notes.push(`${text}\n`),
    readInput: async () => Buffer.from(options.input ?? ''),
    ask: async (question) => {
      notes.push(question)
      return options.answer ?? ''
    },
  })
  const bytes = Buffer.concat(out)
  return {
    code,
    bytes,
    out: bytes.toString(),
    err: notes.join(''),
    get json() {
      return JSON.parse(bytes.toString())
    },
  }
}
