import type { Storage } from '@imnot/core'

/** What a test case works with. Whatever it opens here is closed after it. */
export interface TestContext {
  readonly storage: Storage
  /** Another instance on the same data; `storage` itself where the harness offers none. */
  other(): Promise<Storage>
  /** Closes `storage` and opens its data again. */
  reopen(): Promise<Storage>
  /** Resolves when the storage's clock has reached this moment. */
  until(moment: number): Promise<void>
}

export interface TestCase {
  readonly title: string
  /** The case is left out, and says so, where the harness does not offer this. */
  readonly needs?: 'reopen' | 'second' | 'hint'
  run(context: TestContext): Promise<void>
}

export interface TestGroup {
  readonly name: string
  readonly cases: readonly TestCase[]
}
