import { attemptsView, laneKeyOf, readLane } from '../deliveries/lane.ts'
import type { Situation } from '../handling/situation.ts'
import { charsetOf, decodeText } from '../http/media-type.ts'
import { keys } from '../keys.ts'
import { isoText } from '../time/iso-text.ts'
import type { FlowFile } from './flow-data.ts'
import type { Flow } from './flow-record.ts'

/** A flow as templates and conditions see it: what it says of itself, and what is kept of it by name. */
export function flowView({ value, data }: Flow): Record<string, unknown> {
  const { id, hasNumber, done, polls, begunAt, standing } = value
  const files = Object.entries(data.files).map(([name, file]) => [name, fileView(file)] as const)
  return {
    ...Object.fromEntries(files),
    ...data.values,
    ...(standing !== undefined && { state: standing.state }),
    id: hasNumber ? Number(id) : id,
    step: done.at(-1) ?? 0,
    polls,
    created_at: isoText(begunAt),
  }
}

/** The same, with the attempts to call back for it where the endpoint wants to know them. */
export function flowWithAttempts(
  flow: Flow,
  { flow: found, record }: Pick<Situation, 'flow' | 'record'>,
): Record<string, unknown> {
  if (found === null) return flowView(flow)
  const key = laneKeyOf(keys.scope(found.value.session), found.key)
  const lane = record(key)
  return lane === null ? flowView(flow) : { ...flowView(flow), attempts: attemptsView(readLane(key, lane)) }
}

/** Its text is decoded only where something reads it. */
function fileView({ contentType, bytes }: FlowFile): object {
  return {
    content_type: contentType,
    size: bytes.byteLength,
    get text() {
      try {
        return decodeText(bytes, charsetOf(contentType))
      } catch {
        return new TextDecoder().decode(bytes)
      }
    },
  }
}
