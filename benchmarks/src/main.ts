import { reachableDatabases } from './databases.ts'
import { measureRates, type Rate, type Target } from './load.ts'
import { measureBareNode, measureStart, median } from './start-up.ts'
import { countStorageCalls } from './storage-calls.ts'

/** A row compares its target with another one of the same run; `goal` is the least ratio that we want. */
interface Row extends Target {
  readonly against: string
  readonly goal: number | null
  /** Left out where this database is not there. */
  readonly needs?: 'postgres' | 'redis'
}

const get = { method: 'GET', path: '/hello' } as const
const post = { method: 'POST', path: '/external/jobs' } as const

const everyRow: readonly Row[] = [
  { title: 'bare node:http', server: 'bare', ...get, against: 'bare node:http', goal: null },
  { title: 'bare node:http again (A/A)', server: 'bare', ...get, against: 'bare node:http', goal: null },
  { title: 'bare Fastify', server: 'fastify', ...get, against: 'bare node:http', goal: null },
  { title: 'imnot, static answer', server: 'imnot', ...get, against: 'bare node:http', goal: 0.7 },
  {
    title: 'imnot, 1 KiB payload on SQLite',
    server: 'imnot',
    method: 'GET',
    path: '/bill',
    against: 'bare node:http',
    goal: 0.7,
  },
  { title: 'imnot, static answer among 10 routes', server: 'imnot-10', ...get, against: 'bare node:http', goal: null },
  {
    title: 'imnot, static answer among 10,000 routes',
    server: 'imnot-10000',
    ...get,
    against: 'imnot, static answer among 10 routes',
    goal: 0.95,
  },
  { title: 'bare node:http and one SQLite insert', server: 'insert', ...post, against: 'bare node:http', goal: null },
  {
    title: 'imnot, submit on SQLite',
    server: 'imnot',
    ...post,
    against: 'bare node:http and one SQLite insert',
    goal: 0.6,
  },
  ...inHost('Express', 'express'),
  ...inHost('Fastify', 'fastify'),
  ...withAndWithoutJournal('static answer', get),
  ...withAndWithoutJournal('1 KiB payload', { method: 'GET', path: '/bill' }),
  ...withAndWithoutJournal('submit', post),
  ...onDatabase('Postgres', 'postgres'),
  ...onDatabase('Redis', 'redis'),
  { title: 'imnot, submit in memory', server: 'imnot-memory', ...post, against: 'bare node:http', goal: null },
]

/** The same answer by a host's own route and by imnot mounted in it, and what imnot costs a request that is the host's. */
function inHost(name: string, server: string): Row[] {
  const bare = `bare ${name}`
  const again = `${bare} again (A/A)`
  const host = { method: 'GET', path: '/host' } as const
  return [
    ...(name === 'Fastify' ? [] : [{ title: bare, server, ...get, against: 'bare node:http', goal: null }]),
    { title: again, server, ...host, against: bare, goal: null },
    { title: `imnot in ${name}`, server: `${server}-imnot`, ...get, against: bare, goal: 0.85 },
    { title: `imnot in ${name}, no journal`, server: `${server}-unjournaled`, ...get, against: bare, goal: 0.85 },
    // In a process of its own, where no journal of the row above is still being written.
    { title: `route of ${name} beside imnot`, server: `${server}-beside`, ...host, against: again, goal: 0.97 },
  ]
}

/** What the journal costs, on SQLite. */
function withAndWithoutJournal(what: string, request: Pick<Target, 'method' | 'path'>): Row[] {
  const off = `imnot, ${what}, journal off`
  return [
    { title: off, server: 'imnot-no-journal', ...request, against: off, goal: null },
    { title: `imnot, ${what}, journal on`, server: 'imnot', ...request, against: off, goal: 0.9 },
  ]
}

/** The bare driver doing the same statements, and imnot, for a submit and for a stored payload. */
function onDatabase(name: string, needs: 'postgres' | 'redis'): Row[] {
  const insert = `bare node:http and one ${name} insert`
  const read = `bare node:http and one ${name} read`
  const bill = { method: 'GET', path: '/bill' } as const
  return [
    { title: insert, server: `bare-${needs}`, ...post, against: 'bare node:http', goal: null, needs },
    { title: `imnot, submit on ${name}`, server: `imnot-${needs}`, ...post, against: insert, goal: 0.5, needs },
    { title: read, server: `bare-${needs}`, ...bill, against: 'bare node:http', goal: null, needs },
    { title: `imnot, 1 KiB payload on ${name}`, server: `imnot-${needs}`, ...bill, against: read, goal: null, needs },
  ]
}

async function main(): Promise<void> {
  const quick = process.argv.includes('--quick')
  const rounds = Number(argument('--rounds') ?? (quick ? 2 : 7))
  const options = { rounds, seconds: quick ? 1 : 3, connections: 32 }
  const databases = reachableDatabases()
  const rows = chosen(everyRow, argument('--only')).filter(({ needs = 'none' }) => databases.has(needs))
  const rates = await measureRates(rows, options)
  console.log(
    `\n${options.rounds} interleaved rounds of ${options.seconds} s, ${options.connections} connections, Node ${process.version}\n`,
  )
  console.log(
    '| target | requests/s | requests per CPU second | against | ratio of requests/s | ratio per CPU second | goal |',
  )
  console.log('|---|---:|---:|---|---:|---:|---:|')
  for (const [index, row] of rows.entries()) {
    const against = rows.findIndex(({ title }) => title === row.against)
    console.log(describeRow(row, rates[index] ?? [], rates[against] ?? []))
  }

  if (argument('--only') !== null) return

  console.log('\n| request | storage calls |\n|---|---|')
  for (const { title, calls } of await countStorageCalls()) console.log(`| ${title} | ${calls} |`)

  console.log('\n| start | ms to the first answer (median) | against bare node | resident memory idle |')
  console.log('|---|---:|---:|---:|')
  const bare = measureBareNode(quick ? 2 : 7)
  console.log(`| bare \`node -e 0\` | ${bare.toFixed(0)} | 1.0 | – |`)
  for (const partners of [3, 1000]) {
    const { title, milliseconds, mebibytes } = await measureStart(partners, quick ? 2 : 7)
    console.log(
      `| ${title} | ${milliseconds.toFixed(0)} | ${(milliseconds / bare).toFixed(1)} | ${mebibytes === null ? '–' : `${mebibytes.toFixed(0)} MiB`} |`,
    )
  }
}

/** The value of `--name=value`. */
function argument(name: string): string | null {
  return process.argv.find((text) => text.startsWith(`${name}=`))?.slice(name.length + 1) ?? null
}

/** The rows whose titles hold the text, and those that they are compared with. */
function chosen(rows: readonly Row[], text: string | null): readonly Row[] {
  if (text === null) return rows
  const named = rows.filter(({ title }) => title.includes(text))
  const needed = new Set(['bare node:http', ...named.map(({ against }) => against)])
  return rows.filter((row) => named.includes(row) || needed.has(row.title))
}

function describeRow({ title, against, goal }: Row, own: readonly Rate[], other: readonly Rate[]): string {
  const ratios = (read: (rate: Rate) => number) =>
    own.map((rate, round) => {
      const compared = other[round]
      return compared === undefined ? Number.NaN : read(rate) / read(compared)
    })
  const cells = [
    title,
    whole(own.map(({ perSecond }) => perSecond)),
    whole(own.map(({ perCpuSecond }) => perCpuSecond)),
    against,
    spread(ratios(({ perSecond }) => perSecond)),
    spread(ratios(({ perCpuSecond }) => perCpuSecond)),
    goal ?? '',
  ]
  return `| ${cells.join(' | ')} |`
}

function whole(values: readonly number[]): string {
  return Math.round(median(values)).toLocaleString('en')
}

/** The median of the rounds, with the least and the greatest. */
function spread(ratios: readonly number[]): string {
  return `${median(ratios).toFixed(2)} (${Math.min(...ratios).toFixed(2)}–${Math.max(...ratios).toFixed(2)})`
}

main().catch((error: unknown) => {
  console.error(error)
  process.exitCode = 1
})
