import { toText } from '../to-text.ts'

/** The fields of one server-sent event, rendered. */
export interface ServerSentEvent {
  readonly comment?: unknown
  readonly event?: unknown
  readonly id?: unknown
  readonly retry?: number | undefined
  readonly data?: unknown
}

/** As the HTML standard has it (9.2.5, event streams). Empty where nothing is to be said. */
export function writeEvent({ comment, event, id, retry, data }: ServerSentEvent): string {
  const lines = [
    ...linesOf('', comment),
    ...oneLine('event', event),
    ...oneLine('id', id),
    ...oneLine('retry', retry),
    ...linesOf('data', data),
  ]
  return lines.length === 0 ? '' : `${lines.join('\n')}\n\n`
}

/** A line break would end the field and begin another. */
function oneLine(name: string, value: unknown): string[] {
  return value === undefined || value === null ? [] : [`${name}: ${toText(value).replaceAll(/[\r\n\0]+/g, ' ')}`]
}

function linesOf(name: string, value: unknown): string[] {
  if (value === undefined) return []
  const text = typeof value === 'string' ? value : JSON.stringify(value)
  return text.split(/\r\n|\n|\r/).map((line) => `${name}: ${line}`)
}
