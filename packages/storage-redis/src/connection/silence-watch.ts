import type { Redis } from 'ioredis'
import type { CommandArgument } from '../redis-client-like.ts'

/** A large body may take a while on its way to Redis, and nothing comes back meanwhile: 5 MB/s. */
const SLOWEST_BYTES_PER_MS = 5000

/**
 * Ends a connection from which nothing comes although answers are awaited, so that all who wait learn it and the client
 * connects anew. A fixed time for each command would not do: the answer to one may be 50 MB.
 */
export function createSilenceWatch(client: Pick<Redis, 'stream'>, timeoutMs: number) {
  let awaited = 0
  /** May lie ahead, by the time that sending may take. */
  let quietSince = 0
  let seen: { readonly stream: Redis['stream']; readonly bytesRead: number } | undefined
  let timer: NodeJS.Timeout | undefined

  function begin(args: readonly CommandArgument[]): void {
    const now = performance.now()
    const quiet = awaited++ === 0 ? now : Math.max(quietSince, now)
    const bytes = sizeOf(args)
    if (awaited === 1 || bytes > SLOWEST_BYTES_PER_MS) quietSince = quiet + bytes / SLOWEST_BYTES_PER_MS
    // What has arrived already is read before anybody looks, also when this process was busy for long.
    timer ??= setInterval(() => setImmediate(look), timeoutMs / 5).unref()
  }

  function look(): void {
    const { stream } = client
    if (awaited === 0) {
      clearInterval(timer)
      timer = undefined
    } else if (seen?.stream !== stream || seen.bytesRead !== stream.bytesRead) {
      seen = { stream, bytesRead: stream.bytesRead }
      quietSince = Math.max(quietSince, performance.now())
    } else if (performance.now() - quietSince >= timeoutMs) {
      stream.destroy(new Error(`no answer within ${timeoutMs} ms`))
    }
  }

  return {
    async during<T>(answer: Promise<T>, args: readonly CommandArgument[]): Promise<T> {
      begin(args)
      try {
        return await answer
      } finally {
        awaited--
      }
    },
  }
}

function sizeOf(args: readonly CommandArgument[]): number {
  let bytes = 0
  for (const argument of args) if (typeof argument !== 'number') bytes += argument.length
  return bytes
}
