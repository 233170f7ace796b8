import { parseArgs } from 'node:util'
import { sharedStorages } from '../support/storages.ts'
import { describeOutcome } from './program.ts'
import { programs } from './programs.ts'

/** `pnpm --dir e2e reliability [PROGRAM…] [--storage NAME] [--long]` */
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { storage: { type: 'string' }, long: { type: 'boolean', default: false } },
})
const storages = await sharedStorages()
const unknown = [
  ...positionals.filter((name) => !programs.some((program) => program.name === name)),
  ...[values.storage ?? []].flat().filter((name) => !storages.some((storage) => storage.name === name)),
]
if (unknown.length > 0) {
  const names = programs.map(({ name }) => name).join(', ')
  console.error(
    `There is no ${unknown.join(' or ')}; programs are ${names}, storages ${storages.map(({ name }) => name).join(', ')}.`,
  )
  process.exit(2)
}
for (const storage of storages.filter(({ name }) => values.storage === undefined || values.storage === name)) {
  for (const program of programs.filter(({ name }) => positionals.length === 0 || positionals.includes(name))) {
    if (!program.concerns(storage)) continue
    if (storage.missing !== null) {
      console.log(`reliability ${program.name} on ${storage.name}: skipped, ${storage.missing}`)
      continue
    }
    const outcome = await (values.long ? program.long(storage) : program.short(storage))
    console.log(describeOutcome(program.name, storage.name, outcome))
    if (outcome.broken.length > 0) process.exitCode = 1
  }
}
