import { main } from './main.ts'
import { processTerminal } from './output/process-terminal.ts'

// A reader that ends early, such as `imnot routes | head`, is no failure.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error
  process.exit(0)
})

main(process.argv.slice(2), processTerminal()).then((exitCode) => {
  process.exitCode = exitCode
  // A connection that someone keeps open must not keep a finished command; a slow reader of its output may.
  process.stdout.write('', () => setTimeout(() => process.exit(), 1000).unref())
})
