/** A value as `--json` shows it: for programs, and readable where a person looks. */
export function json(value: unknown): string {
  return JSON.stringify(value, null, 2)
}
