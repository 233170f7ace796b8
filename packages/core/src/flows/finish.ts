import type { AsyncDatapoint } from '@imnot/schema'
import { isRefusal, type Refusal } from '../answers/refusal.ts'
import type { Moment } from '../handling/moment.ts'
import type { CompileContext } from '../patterns/pattern.ts'
import type { WriteOperation } from '../ports/storage.ts'
import { readsOf } from '../rendering/renderer.ts'
import { extendScope, type Scope } from '../rendering/scope.ts'
import { compileCapture } from './capture.ts'
import { namesThatFind } from './flow-finder.ts'
import type { Flow } from './flow-record.ts'
import { flowWithAttempts } from './flow-view.ts'
import { compileGenerate } from './generate.ts'

/** What an endpoint does to its flow with its final answer, before that is rendered: it captures and generates. */
export interface Finish {
  /** As in `Renderer`. */
  readonly reads: readonly string[]
  of(flow: Flow, moment: Moment): Promise<Finished | Refusal>
}

export interface Finished {
  readonly flow: Flow
  /** What is written beside the flow. */
  readonly operations: readonly WriteOperation[]
}

/** Null where it does nothing. */
export function compileFinish({
  endpoint,
  datapoint,
  options,
  services,
}: CompileContext<AsyncDatapoint>): Finish | null {
  const { capture: captured, generate: generated } = endpoint
  if (captured === undefined && generated === undefined) return null
  const capture = compileCapture(captured, { ...options, flowId: true })
  const generate = compileGenerate(generated, { storage: services.storage, finders: namesThatFind(datapoint) })
  const names = Object.keys(generated ?? {})
  return {
    reads: readsOf(generate === null ? [capture] : [capture, generate]),
    async of(before, moment) {
      const data = capture.after(before.data, scopeWith(before, moment), moment)
      const flow: Flow = { value: before.value, data }
      if (generate === null || (isRead(moment) && names.every((name) => Object.hasOwn(data.values, name)))) {
        return { flow, operations: [] }
      }
      return generate.after(flow, scopeWith(flow, moment), moment)
    },
  }
}

/** What is read again is the same again: only other methods make an id anew. */
function isRead({ exchange }: Moment): boolean {
  return exchange.request.method === 'GET' || exchange.request.method === 'HEAD'
}

/** What templates see once the flow is so. */
export function scopeWith(flow: Flow, { scope, situation }: Moment): Scope {
  return extendScope(scope, { flow: () => flowWithAttempts(flow, situation) })
}

/** The flow after its final answer, or why there is none. */
export async function finish(declared: Finish | null, flow: Flow, moment: Moment): Promise<Finished | Refusal> {
  const finished = declared === null ? { flow, operations: [] } : await declared.of(flow, moment)
  return isRefusal(finished) ? finished : { flow: finished.flow, operations: finished.operations }
}
