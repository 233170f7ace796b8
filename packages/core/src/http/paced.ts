import type { Stopwatch } from '../time/stopwatch.ts'
import type { EngineResponse, Pause } from './messages.ts'

/** An answer whose bytes come with pauses, as the stream that hosts send; any other as it is. */
export function paced(response: EngineResponse, startStopwatch: () => Stopwatch): EngineResponse {
  const { pauses, ...rest } = response
  if (pauses === undefined || !(rest.body instanceof Uint8Array)) return response
  return { ...rest, body: stream(rest.body, pauses, startStopwatch) }
}

/** No generator: who leaves it while it waits is not to be waited for. */
function stream(
  bytes: Uint8Array,
  pauses: readonly Pause[],
  startStopwatch: () => Stopwatch,
): AsyncIterable<Uint8Array> {
  const pieces = piecesOf(bytes, pauses)
  return {
    [Symbol.asyncIterator]() {
      const stopwatch = startStopwatch()
      let index = 0
      let elapsedMs = 0
      let isOver = false
      return {
        async next() {
          const piece = pieces[index++]
          if (piece === undefined || isOver) return { done: true, value: undefined }
          elapsedMs += piece.ms
          if (piece.ms > 0) await stopwatch(elapsedMs, () => isOver)
          return { done: false, value: piece.bytes }
        },
        async return() {
          isOver = true
          return { done: true, value: undefined }
        },
      }
    },
  }
}

function piecesOf(bytes: Uint8Array, pauses: readonly Pause[]) {
  const edges = [{ at: 0, ms: 0 }, ...pauses]
  const pieces = edges.map(({ at, ms }, index) => ({ ms, bytes: bytes.subarray(at, edges[index + 1]?.at) }))
  // A pause after which nothing comes still holds the end back.
  return pieces.filter(({ bytes: piece, ms }) => piece.byteLength > 0 || ms > 0)
}
