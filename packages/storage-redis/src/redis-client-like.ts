/** What this storage uses of a client: the `Redis` and the `Cluster` of ioredis have it. */
export interface RedisClientLike {
  /** Sends a command; the strings in its reply stay bytes. Rejects with the error that Redis answers. */
  callBuffer(command: string, args: CommandArgument[]): Promise<unknown>
  /** Another connection to the same place, for hints. Without it the storage offers none. */
  duplicate?(): RedisSubscriberLike
  /** Looked at for the setting that makes a client send a write again. */
  readonly options?: {
    /** Of a `Redis`. */
    readonly autoResendUnfulfilledCommands?: boolean | undefined
    /** Of a `Cluster`. */
    readonly retryDelayOnFailover?: number | undefined
  }
}

export interface RedisSubscriberLike {
  subscribe(channel: string): Promise<unknown>
  on(event: 'ready' | 'error' | 'message', listener: (...values: unknown[]) => void): unknown
  disconnect(): void
}

export type CommandArgument = string | Buffer | number
