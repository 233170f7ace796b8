/** What the storage uses of a `Pool` of pg, so that another version or a wrapper of it will do. */
export interface PgPoolLike {
  connect(): Promise<PgClientLike>
  on(event: 'error', listener: (error: Error) => void): unknown
  removeListener(event: 'error', listener: (error: Error) => void): unknown
}

export interface PgClientLike {
  query(query: PgQuery): Promise<PgResult>
  /** With an error, or true, the connection is closed and not used again. */
  release(destroy?: Error | boolean): void
  on(event: 'error', listener: (error: Error) => void): unknown
  removeListener(event: 'error', listener: (error: Error) => void): unknown
}

export interface PgQuery {
  readonly text: string
  readonly values?: unknown[]
  /** With a name the statement is prepared, once for each connection. */
  readonly name?: string
  /** pg reads `query_timeout` of a query, in milliseconds, though its types do not say so. */
  readonly query_timeout?: number
  readonly types?: { getTypeParser(oid: number): (text: string) => unknown }
}

export interface PgResult {
  readonly rows: unknown[]
}
