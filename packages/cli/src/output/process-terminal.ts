import { Buffer } from 'node:buffer'
import type { Terminal } from './terminal.ts'

/** The terminal that this process has. */
export function processTerminal(): Terminal {
  return {
    cwd: process.cwd(),
    env: process.env,
    isInteractive: process.stdin.isTTY === true && process.stdout.isTTY === true,
    out(result) {
      process.stdout.write(typeof result === 'string' ? `${result}\n` : result)
    },
    note(text) {
      process.stderr.write(`${text}\n`)
    },
    async readInput() {
      const chunks: Buffer[] = []
      for await (const chunk of process.stdin) chunks.push(Buffer.from(chunk))
      return Buffer.concat(chunks)
    },
    async ask(question) {
      const { createInterface } = await import('node:readline/promises')
      const lines = createInterface({ input: process.stdin, output: process.stdout })
      try {
        return await lines.question(question)
      } finally {
        lines.close()
      }
    },
  }
}
