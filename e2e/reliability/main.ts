import { parseArgs } from 'node:util'
import { postgresForTests, provideServer, redisForTests } from '@imnot/tooling/servers/test-servers'
import { sharedStorages } from '../support/storages.ts'
import { describeOutcome } from './program.ts'
import { programs } from './programs.ts'

/** `pnpm --dir e2e reliability [PROGRAM…] [--storage NAME] [--long] [--size kills=100]…` */
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    storage: { type: 'string' },
    long: { type: 'boolean', default: false },
    size: { type: 'string', multiple: true, default: [] },
  },
})
const endings = await Promise.all([postgresForTests, redisForTests].map((kind) => provideServer(kind)))
try {
  process.exitCode = await runAll()
} catch (error) {
  console.error((error as Error).message)
  process.exitCode = 1
} finally {
  await Promise.all(endings.map((end) => end()))
}

/** Resolves to the exit code. */
async function runAll(): Promise<number> {
  const storages = await sharedStorages()
  const unknown = [
    ...positionals.filter((name) => !programs.some((program) => program.name === name)),
    ...[values.storage ?? []].flat().filter((name) => !storages.some((storage) => storage.name === name)),
    ...values.size.filter((change) => !/^\w+=\d+$/.test(change)),
  ]
  if (unknown.length > 0) {
    const [names, known] = [programs, storages].map((list) => list.map(({ name }) => name).join(', '))
    console.error(`There is no ${unknown.join(' or ')}; programs are ${names}, storages ${known}, a size is kills=100.`)
    return 2
  }
  const changes = Object.fromEntries(
    values.size.map((change) => change.split('=')).map(([name, n]) => [name, Number(n)]),
  )
  let code = 0
  for (const storage of storages.filter(({ name }) => values.storage === undefined || values.storage === name)) {
    for (const program of programs.filter(({ name }) => positionals.length === 0 || positionals.includes(name))) {
      if (!program.concerns(storage)) continue
      const missing = program.whyNot(storage)
      if (missing !== null) {
        console.log(`reliability ${program.name} on ${storage.name}: skipped, ${missing}`)
        continue
      }
      const outcome = await (values.long ? program.long : program.short)(storage, changes)
      console.log(describeOutcome(program.name, storage.name, outcome))
      if (outcome.broken.length > 0) code = 1
    }
  }
  return code
}
