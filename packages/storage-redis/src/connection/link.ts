import type { CommandArgument, RedisClientLike, RedisSubscriberLike } from '../redis-client-like.ts'

/** How this storage reaches Redis, whoever made the client. */
export interface Link {
  /** For people, and without a password. */
  readonly place: string
  /** Rejects with what the client rejects with, or an `ImnotError`. Sends nothing twice. */
  send(command: string, args: CommandArgument[]): Promise<unknown>
  /** A connection of its own that may subscribe; whoever asks for it ends it. */
  subscriber?(): RedisSubscriberLike
  close(): void
}

/** Sends through a client that somebody else made, and who will close it. */
export function injectedLink(client: RedisClientLike): Link {
  return {
    place: 'Redis',
    send: (command, args) => client.callBuffer(command, args),
    ...(client.duplicate && { subscriber: client.duplicate.bind(client) }),
    close: () => undefined,
  }
}
