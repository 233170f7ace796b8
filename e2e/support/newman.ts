import newman from 'newman'

export interface CollectionRun {
  /** `METHOD path → status` of each request, in order. */
  readonly requests: readonly string[]
  /** What went wrong, one sentence each. */
  readonly failures: readonly string[]
  readonly assertions: number
}

/** Plays a collection as Postman's "Run collection" does. */
export function runCollection(
  collection: object,
  variables: Readonly<Record<string, string>> = {},
): Promise<CollectionRun> {
  const envVar = Object.entries(variables).map(([key, value]) => ({ key, value }))
  return new Promise((resolve, reject) => {
    newman.run({ collection, envVar, reporters: [] }, (error, summary) => {
      if (error) return reject(error)
      const { executions, failures, stats } = summary.run
      resolve({
        requests: executions.map(({ request, response }) => {
          const path = `/${request.url.getPath({ unresolved: true }).replace(/^\//, '')}`
          return `${request.method} ${path} → ${response?.code}`
        }),
        failures: failures.map(({ source, error }) => `${source?.name}: ${error.message}`),
        assertions: stats.assertions.total ?? 0,
      })
    })
  })
}
