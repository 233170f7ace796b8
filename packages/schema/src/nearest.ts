import { distance } from 'fastest-levenshtein'

/** The candidate that a mistyped name most likely meant, or undefined when none is close. */
export function nearest(name: string, candidates: Iterable<string>): string | undefined {
  // Comparing a name costs its length times the candidate's: a name of a megabyte was not mistyped.
  if (name.length > 64) return undefined
  const wanted = simplify(name)
  let best: string | undefined
  let bestDistance = Math.max(2, Math.ceil(wanted.length * 0.4))
  for (const candidate of candidates) {
    const steps = distance(wanted, simplify(candidate))
    if (steps < bestDistance || (steps === bestDistance && best === undefined && steps <= 2)) {
      best = candidate
      bestDistance = steps
    }
  }
  // A two-letter name is two steps from every other two-letter name.
  return bestDistance < wanted.length ? best : undefined
}

function simplify(name: string): string {
  return name.toLowerCase().replaceAll('-', '_')
}
