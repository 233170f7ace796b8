import { checks } from './groups/checks.ts'
import { claims } from './groups/claims.ts'
import { counters } from './groups/counters.ts'
import { expiry } from './groups/expiry.ts'
import { hints } from './groups/hints.ts'
import { leases } from './groups/leases.ts'
import { lifecycle } from './groups/lifecycle.ts'
import { listing } from './groups/listing.ts'
import { records } from './groups/records.ts'
import { versions } from './groups/versions.ts'
import { writes } from './groups/writes.ts'
import type { StorageHarness } from './harness.ts'
import type { TestCase, TestGroup } from './test-case.ts'
import { openTestContext } from './test-context.ts'

/** The `test` of vitest, jest, `node:test`, … */
export interface TestFunction {
  (title: string, run: (...context: unknown[]) => Promise<void>): unknown
  /** Called for what is left out, with the reason in the title. Without it such a test is reported as passed. */
  readonly skip?: (title: string, run: () => Promise<void>) => unknown
}

export interface TestStorageOptions {
  /** Stands before each title. @default 'storage' */
  readonly name?: string
  readonly test: TestFunction
  /** Called once for each test. */
  readonly create: () => Promise<StorageHarness>
  /** What to leave out, by group (`hints`) or by group and title (`hints: a write elsewhere is noticed`), each with its reason. */
  readonly skip?: Readonly<Record<string, string>>
}

const groups: readonly TestGroup[] = [
  records,
  versions,
  writes,
  checks,
  listing,
  expiry,
  counters,
  claims,
  leases,
  hints,
  lifecycle,
]

/**
 * Registers the conformance suite: one test for each promise of the `Storage` port. A storage that passes it can be
 * used in place of the built-in ones.
 *
 * @example
 * testStorage({
 *   name: 'my storage',
 *   test,
 *   create: async () => ({ storage: myStorage(), destroy: async () => {} }),
 * })
 */
export function testStorage({ name = 'storage', test, create, skip = {} }: TestStorageOptions): void {
  refuseUnknownSkips(skip)
  for (const group of groups) {
    for (const testCase of group.cases) {
      const title = `${name} › ${group.name}: ${testCase.title}`
      const reason = skip[group.name] ?? skip[`${group.name}: ${testCase.title}`]
      // Rest parameters: jest takes a declared one for its `done` callback.
      if (reason === undefined) test(title, (...runner: unknown[]) => runCase(testCase, create, runner[0]))
      else registerSkipped(test, `${title} (skipped: ${reason})`)
    }
  }
}

async function runCase(testCase: TestCase, create: () => Promise<StorageHarness>, runner: unknown): Promise<void> {
  const { context, missing, end } = await openTestContext(create, testCase.needs)
  try {
    if (missing !== null) leaveOut(runner, missing)
    else await testCase.run(context)
  } finally {
    await end()
  }
}

/** What is missing is known only when the test runs: vitest and `node:test` hand the test a `skip` for that. */
function leaveOut(runner: unknown, reason: string): void {
  const { skip } = (runner ?? {}) as { skip?: (reason: string) => void }
  skip?.call(runner, reason)
}

function registerSkipped(test: TestFunction, title: string): void {
  const run = async () => undefined
  if (test.skip) test.skip(title, run)
  else test(title, run)
}

/** A skip that names nothing would hide that its reason is gone. */
function refuseUnknownSkips(skip: Readonly<Record<string, string>>): void {
  const known = new Set(groups.flatMap(({ name, cases }) => [name, ...cases.map(({ title }) => `${name}: ${title}`)]))
  for (const name of Object.keys(skip)) {
    if (!known.has(name))
      throw new TypeError(`skip names '${name}', which is no group and no test; known are: ${[...known].join(', ')}`)
  }
}
