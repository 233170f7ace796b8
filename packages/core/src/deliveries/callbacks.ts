import { randomUUID } from 'node:crypto'
import type { DeclaredCallback } from '@imnot/schema'
import type { AnswerOptions } from '../answers/answer.ts'
import { compileHeaders } from '../answers/headers.ts'
import { compileResponseBody } from '../answers/response-body.ts'
import { compileCondition } from '../conditions/condition.ts'
import type { PayloadState } from '../payloads/payload-record.ts'
import type { WriteOperation } from '../ports/storage.ts'
import { type Renderer, readsOf } from '../rendering/renderer.ts'
import { extendScope, type Scope } from '../rendering/scope.ts'
import { compileTemplate } from '../rendering/template.ts'
import { toText } from '../rendering/to-text.ts'
import { compileValue, loopScopes } from '../rendering/value.ts'
import { putOwner } from '../sessions/owners.ts'
import type { ClockReading } from '../time/clock-reading.ts'
import { type DeliveryValue, putDelivery } from './delivery-record.ts'
import { type Lane, putLane } from './lane.ts'
import { owe } from './owe.ts'
import { compileSigning } from './signing/compile-signing.ts'

/** Declared callbacks, compiled once: of an endpoint, or of a state. */
export interface Callbacks {
  /** As in `Renderer`. */
  readonly reads: readonly string[]
  /** Whether one of them sends the payload. */
  readonly readsPayload: boolean
  /** What is to be written so that they are owed, together with what owes them. Empty where none is. */
  owe(occasion: Occasion): WriteOperation[]
}

/** What callbacks are owed for. */
export interface Occasion {
  /** What their templates see: the flow, or the record, as it will be once all is written. */
  readonly scope: Scope
  /** The clock of the scope in which they are owed, which their delays and retries follow. */
  readonly clock: ClockReading
  /** Wall-clock time, in milliseconds. */
  readonly now: number
  readonly payload: PayloadState | null
  /** The lane of the flow or record whose deliveries follow each other, as it was read; null for a request of neither. */
  readonly lane: Lane | null
}

export interface CallbackContext {
  readonly partner: string
  readonly datapoint: string
  readonly options: AnswerOptions
  readonly environment: (name: string) => string | undefined
}

/** Throws a `DefinitionFault`; shapes are the schema's to check. */
export function compileCallbacks(declared: readonly DeclaredCallback[], context: CallbackContext): Callbacks {
  const compiled = declared.map((callback) => compileCallback(callback, context))
  return {
    reads: readsOf(compiled),
    readsPayload: declared.some(({ payload }) => payload),
    owe(occasion) {
      const deliveries = compiled.flatMap((callback) => callback.owe(occasion))
      if (deliveries.length === 0) return []
      const { lane } = occasion
      const turns = deliveries.filter(({ isInTurn }) => isInTurn).map(({ value }) => value.id)
      const waiting = [...(lane?.waiting ?? []), ...turns]
      return [
        ...deliveries.flatMap(({ value, body, isInTurn }) => [
          putDelivery(value, body, 'absent', { isParked: isInTurn && waiting[0] !== value.id }),
          ...putOwner(value),
        ]),
        ...(lane === null ? [] : [putLane({ ...lane, waiting })]),
      ]
    },
  }
}

interface Planned {
  readonly value: DeliveryValue
  readonly body: Uint8Array | null
  /** Whether it waits for those that were owed before. */
  readonly isInTurn: boolean
}

function compileCallback(declared: DeclaredCallback, { partner, datapoint, options, environment }: CallbackContext) {
  const { for_each: name, method, delay, retry, chaos } = declared
  const list = name === undefined ? null : compileValue(declared.in, options)
  const when = declared.when === undefined ? null : compileCondition(declared.when, options)
  const url = compileTemplate(declared.url, options)
  const headers = compileHeaders(declared.headers, options)
  const type = declared.content_type ?? null
  const body = compileResponseBody(declared, type, options)
  const signing = declared.sign === undefined ? null : compileSigning(declared.sign, { options, environment })
  const { first: firstMs, max: maxMs, ...policy } = retry
  const parts = [list, when, url, headers, body, signing]

  function scopesOf(scope: Scope): Scope[] {
    if (name !== undefined && list !== null) return loopScopes(scope, name, list(scope), when)
    return when === null || when(scope) ? [scope] : []
  }

  function planOne(around: Scope, { clock, now, payload, lane }: Occasion): Planned[] {
    const id = randomUUID()
    const scope = extendScope(around, { delivery: () => ({ id }) })
    const target = toText(url(scope)).trim()
    if (target === '') return []
    const rendered = body?.(scope) ?? null
    const late = Math.round(Math.random() * chaos.late)
    const value = owe(
      {
        id,
        partner,
        datapoint,
        session: clock.session,
        url: target,
        method,
        headers: headers(scope),
        contentType: declared.payload ? (payload?.value.contentType ?? null) : (rendered?.type ?? type ?? ''),
        signing: signing?.(scope) ?? null,
        retry: { ...policy, firstMs, maxMs },
        duplicate: chaos.duplicate,
        delayMs: delay + late,
        lane: lane?.key ?? null,
        flowId: flowIdOf(around),
      },
      clock,
      now,
    )
    const bytes = declared.payload ? (payload?.body ?? null) : (rendered?.bytes ?? noBytes)
    return [{ value, body: bytes, isInTurn: lane !== null && chaos.late === 0 }]
  }

  return {
    reads: readsOf(parts.filter((part): part is NonNullable<typeof part> & Pick<Renderer, 'reads'> => part !== null)),
    owe: (occasion: Occasion): Planned[] => scopesOf(occasion.scope).flatMap((scope) => planOne(scope, occasion)),
  }
}

/** What templates see as `flow.id`. */
function flowIdOf({ flow }: Scope): string | null {
  const id = (flow as { readonly id?: unknown } | undefined)?.id
  return typeof id === 'string' ? id : null
}

const noBytes = new Uint8Array(0)
