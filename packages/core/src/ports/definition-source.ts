import type { Diagnostic, ParsedDefinition } from '@imnot/schema'

/** A file that was found and could not be served. */
export interface FailedDefinition {
  readonly file: string
  /** The name that the file gives its partner; null where it could not be read. */
  readonly partner: string | null
  readonly diagnostics: readonly Diagnostic[]
}

export interface LoadedDefinitions {
  readonly parsed: readonly ParsedDefinition[]
  readonly failed: readonly FailedDefinition[]
}

/** Reads a node's own definitions anew; core calls it at start and at each reload. */
export type DefinitionSource = () => Promise<LoadedDefinitions>
