/** Where a value stands inside a definition: keys and list positions from the root. */
export type ValuePath = readonly (string | number)[]

/** A fault before its place in a file is known. `Diagnostic` is what it becomes. */
export interface Problem {
  code: string
  message: string
  path: ValuePath
  /** Whether the key at `path` is at fault or, by default, its value. */
  at?: 'key' | 'value'
  expected?: string
  found?: string
  suggestion?: string
  related?: { path: ValuePath; message: string }[]
}

/** `datapoints[0].endpoints[1].path`, for places that have no line. */
export function formatPath(path: ValuePath): string {
  let text = ''
  for (const key of path) {
    if (typeof key === 'number') text += `[${key}]`
    else text += text === '' ? key : `.${key}`
  }
  return text
}

export function prefixProblem(prefix: ValuePath, problem: Problem): Problem {
  const related = problem.related?.map((place) => ({ ...place, path: [...prefix, ...place.path] }))
  return { ...problem, path: [...prefix, ...problem.path], ...(related && { related }) }
}
