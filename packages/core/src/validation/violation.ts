/** One thing that is wrong with a request. */
export interface Violation {
  /** Where: `params`, `query`, `headers` or `body`. */
  readonly place: string
  /** As the rule names it, or as a dotted path into the body; empty for the whole. */
  readonly field: string
  /** The end of a sentence that begins with the field: "must be a number, found "a"". */
  readonly problem: string
}
