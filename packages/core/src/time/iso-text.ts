/** A clock may have been advanced beyond the last moment that a date can be. */
export function isoText(milliseconds: number): string {
  return new Date(Math.min(milliseconds, latest)).toISOString()
}

/** ECMAScript's own bound. */
const latest = 8_640_000_000_000_000
