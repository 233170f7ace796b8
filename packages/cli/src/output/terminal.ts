/** What a command sees of the world around it, so that tests can run commands without a process. */
export interface Terminal {
  readonly cwd: string
  readonly env: Readonly<Record<string, string | undefined>>
  /** Whether a person can be asked. */
  readonly isInteractive: boolean
  /** Results, to standard output. Text gets a line end, bytes are written as they are. */
  out(result: string | Uint8Array): void
  /** Remarks and errors, to standard error, with a line end. */
  note(text: string): void
  /** All of standard input. */
  readInput(): Promise<Uint8Array>
  /** A person's answer to a question; only where `isInteractive`. */
  ask(question: string): Promise<string>
}
