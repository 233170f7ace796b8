/** A stretch of a document that is replaced; the end is the first index that is not. */
export interface Place {
  readonly from: number
  readonly to: number
  /** What is written there for a value. */
  write(value: unknown): string
}

/** The places that selectors name, one list for each; or why one of them names none, as the end of a sentence. */
export type FoundPlaces =
  | { readonly places: readonly (readonly Place[])[] }
  | { readonly problem: string; readonly selector: string }
