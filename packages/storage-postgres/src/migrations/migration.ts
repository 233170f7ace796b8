export interface Migration {
  /** Counts from 1 without gaps. A migration that was published never changes. */
  readonly number: number
  readonly name: string
  /** Takes the quoted schema. */
  readonly sql: (schema: string) => string
}
