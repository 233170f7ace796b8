import { Buffer } from 'node:buffer'
import type { DeclaredEvent } from '@imnot/schema'
import { compileCondition } from '../conditions/condition.ts'
import { essence } from '../http/media-type.ts'
import type { Pause } from '../http/messages.ts'
import type { BodyRenderer } from '../rendering/body.ts'
import { writeEvent } from '../rendering/media/event-stream.ts'
import { writerFor } from '../rendering/media/registry.ts'
import { type Renderer, readsOf } from '../rendering/renderer.ts'
import type { Scope } from '../rendering/scope.ts'
import type { TemplateOptions } from '../rendering/template.ts'
import { toText } from '../rendering/to-text.ts'
import { compileValue, loopScopes } from '../rendering/value.ts'

/** More are cut off: a request's list decides how many there are. */
const mostEvents = 10_000

const eventStream = 'text/event-stream'

/** `body_events`: every event is rendered with the answer; how they are spread over time is told beside the bytes. */
export function compileEventBody(
  declared: readonly DeclaredEvent[],
  type: string | null,
  options: TemplateOptions,
): BodyRenderer {
  const sent = type ?? eventStream
  const write = writerOf(sent)
  const events = declared.map((event) => compileEvent(event, write, options))
  const render = (scope: Scope) => {
    const chunks = events.flatMap((event) => event.render(scope)).slice(0, mostEvents)
    const pauses: Pause[] = []
    let at = 0
    for (const { bytes, pauseMs } of chunks) {
      pauses.push({ at, ms: pauseMs })
      at += bytes.byteLength
    }
    return { bytes: Buffer.concat(chunks.map(({ bytes }) => bytes)), type: sent, pauses }
  }
  return Object.assign(render, { isFixed: false, reads: readsOf(events) })
}

interface Fields {
  readonly event: unknown
  readonly id: unknown
  readonly retry: number | undefined
  readonly comment: unknown
  readonly data: unknown
}

function compileEvent(declared: DeclaredEvent, write: (fields: Fields) => string, options: TemplateOptions) {
  const { for_each: name, in: list, when, pause: pauseMs, retry } = declared
  const fieldOf = (value: unknown): Renderer | null => (value === undefined ? null : compileValue(value, options))
  const [event, id, comment, data] = [declared.event, declared.id, declared.comment, declared.data].map(fieldOf)
  const items = fieldOf(list)
  const condition = when === undefined ? null : compileCondition(when, options)
  const parts = [event, id, comment, data, items].filter((part) => part != null)
  return {
    reads: readsOf(condition === null ? parts : [...parts, condition]),
    render(scope: Scope) {
      const isAlone = name === undefined || items === null
      if (isAlone && condition !== null && !condition(scope)) return []
      const scopes = isAlone ? [scope] : loopScopes(scope, name, items(scope), condition)
      return scopes.map((inner) => {
        const text = write({
          event: event?.(inner),
          id: id?.(inner),
          comment: comment?.(inner),
          data: data?.(inner),
          retry,
        })
        return { bytes: Buffer.from(text), pauseMs }
      })
    },
  }
}

function writerOf(type: string): (fields: Fields) => string {
  const name = essence(type)
  if (name === eventStream) return writeEvent
  const write = writerFor(type)
  // Lines are JSON whatever they hold; of any other type text is sent as it stands.
  const isLines = write(null).endsWith('\n')
  return ({ data }) => {
    if (data === undefined) return ''
    return typeof data === 'string' && !isLines ? toText(data) : write(isLines ? [data] : data)
  }
}
