import type { Scope } from '../scope.ts'

/** What a filter may use beside its input and its arguments. */
export interface FilterContext {
  readonly scope: Scope
  /** Runs the filter of this name as Liquid has it. */
  liquid(name: string, input: unknown, args: readonly unknown[]): unknown
}

/** A filter. Undefined is nothing; what it throws is nothing, too. */
export type Filter = (input: unknown, args: readonly unknown[], context: FilterContext) => unknown
