/** Where something stands among its states, as it is kept in the value of its record. */
export type Standing = {
  readonly state: string
  /** The scope's time at which it was entered. */
  readonly since: number
  /** How often it was polled since then. */
  readonly polls: number
}
