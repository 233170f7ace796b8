import { Buffer } from 'node:buffer'
import { createHash } from 'node:crypto'
import type { JsonValue } from '../../ports/storage.ts'
import type { ImageHead, ImagePart, SessionImage } from './session-image.ts'

/**
 * The file of an exported session: lines of JSON. The first says what it is, then come the definitions, then the records,
 * and the last has the hash of all lines before it, so that half a file is known for one.
 */
export interface ArchivedDefinition {
  readonly partner: string
  /** Of its `partner.yaml`. */
  readonly text: string
}

export const archiveType = 'application/x-ndjson'

const format = 1

export async function* writeArchive(
  { head, parts }: SessionImage,
  definitions: readonly ArchivedDefinition[],
  version: string,
): AsyncGenerator<Uint8Array> {
  const hash = createHash('sha256')
  const line = (value: object): Uint8Array => {
    const bytes = Buffer.from(`${JSON.stringify(value)}\n`)
    hash.update(bytes)
    return bytes
  }
  yield line({ imnot: 'session', format, version, ...head })
  for (const { partner, text } of definitions) yield line({ definition: partner, text })
  let parted = 0
  for await (const part of parts) {
    parted++
    yield line('lead' in part ? part : { ...part, ...(part.body !== undefined && { body: writeBody(part.body) }) })
  }
  yield Buffer.from(`${JSON.stringify({ end: true, records: parted, sha256: hash.digest('hex') })}\n`)
}

/** An archive that is read up to its records. */
export interface OpenedArchive extends SessionImage {
  readonly definitions: readonly ArchivedDefinition[]
}

/** What is wrong with a file is thrown, as one sentence; also while its records are read. */
export class ArchiveFault extends Error {}

export async function openArchive(lines: AsyncGenerator<Buffer>): Promise<OpenedArchive> {
  const hash = createHash('sha256')
  const next = async (): Promise<Line> => {
    const { value, done } = await lines.next()
    if (done === true) throw new ArchiveFault('The file breaks off before its end; export the session again.')
    const read = parseLine(value)
    if (!('end' in read)) hash.update(value).update('\n')
    return read
  }
  const first = await next()
  if (first.imnot !== 'session')
    throw new ArchiveFault('The file is no exported session; make one with `imnot sessions export`.')
  if (first.format !== format) {
    throw new ArchiveFault(
      `The file has format ${JSON.stringify(first.format)}, made by imnot ${String(first.version)}; this imnot reads format ${format}.`,
    )
  }
  const head = readHead(first)
  const definitions: ArchivedDefinition[] = []
  let current = await next()
  for (; typeof current.definition === 'string'; current = await next()) {
    if (typeof current.text !== 'string') throw garbled()
    definitions.push({ partner: current.definition, text: current.text })
  }

  async function* parts(): AsyncGenerator<ImagePart> {
    for (; !('end' in current); current = await next()) yield readPart(current, head.id)
    if (current.sha256 !== hash.digest('hex')) throw garbled()
  }
  return { head, definitions, parts: parts() }
}

type Line = Readonly<Record<string, unknown>>

function garbled(): ArchiveFault {
  return new ArchiveFault('The file was changed or damaged since it was exported; export the session again.')
}

function parseLine(bytes: Buffer): Line {
  try {
    const value: unknown = JSON.parse(bytes.toString('utf8'))
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Line
  } catch {
    // Told below, as any other line that is none of such a file.
  }
  throw new ArchiveFault('The file is no exported session, or was damaged; make one with `imnot sessions export`.')
}

/** A file comes from elsewhere, and its hash proves only that it is whole: what is taken over is looked at first. */
function readHead(line: Line): ImageHead {
  const { id, label, ttlMs, isolated, takenAt, clock, now, payloads } = line
  const isHead =
    typeof id === 'string' &&
    /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(id) &&
    (label === null || typeof label === 'string') &&
    typeof isolated === 'boolean' &&
    [ttlMs, takenAt, now].every(isTime) &&
    Number(ttlMs) > 0 &&
    isClock(clock) &&
    Array.isArray(payloads) &&
    payloads.every((name) => typeof name === 'string')
  if (!isHead) throw garbled()
  return { id, label, ttlMs, isolated, takenAt, clock, now, payloads } as ImageHead
}

/** Until the last day of the year 9999: of what is later nothing can be told. */
const latest = 253_402_214_400_000

function isTime(value: unknown): value is number {
  return typeof value === 'number' && Math.abs(value) <= latest
}

function isClock(value: unknown): boolean {
  if (value === null) return true
  const { revision, isFrozen } = Object(value) as { readonly revision?: unknown; readonly isFrozen?: unknown }
  return Number.isSafeInteger(revision) && typeof isFrozen === 'boolean'
}

/** Keys of records, as every storage takes them. */
const keyForm = /^[!-~]{1,900}$/

function readPart(line: Line, session: string): ImagePart {
  if (typeof line.lead === 'string' && keyForm.test(line.lead)) {
    // Else it would lead requests into a session that is not this one.
    if (Object(line.value).session !== session) throw garbled()
    return { lead: line.lead, value: line.value as JsonValue }
  }
  const { key, value, body, expiresAt, queue, dueAt } = line
  const isPart =
    typeof key === 'string' &&
    keyForm.test(key) &&
    value !== undefined &&
    [expiresAt, dueAt].every((time) => time === undefined || isTime(time)) &&
    (queue === undefined || typeof queue === 'string')
  if (!isPart) throw garbled()
  return {
    key,
    value: value as JsonValue,
    ...(body !== undefined && { body: readBody(body) }),
    ...(expiresAt !== undefined && { expiresAt: Number(expiresAt) }),
    ...(queue !== undefined && { queue }),
    ...(dueAt !== undefined && { dueAt: Number(dueAt) }),
  }
}

/** Text stays readable in the file, wherever it comes back as the same bytes. */
function writeBody(bytes: Uint8Array): { readonly text: string } | { readonly base64: string } {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const text = buffer.toString('utf8')
  return Buffer.from(text).equals(buffer) ? { text } : { base64: buffer.toString('base64') }
}

function readBody(body: unknown): Uint8Array {
  const { text, base64 } = Object(body) as { readonly text?: unknown; readonly base64?: unknown }
  if (typeof text === 'string') return Buffer.from(text)
  if (typeof base64 === 'string') return Buffer.from(base64, 'base64')
  throw garbled()
}
