import { essence } from '../../http/media-type.ts'
import { writeVerbatimJson } from '../verbatim.ts'
import { writeCsv } from './csv.ts'
import { writeForm } from './form.ts'

/** Writes data as text of one media type. */
export type MediaWriter = (value: unknown) => string

/**
 * JSON for every type that has no writer of its own. `keepsTexts`: the value may hold data that was cut out of an upload,
 * whose text stays as it was.
 */
export function writerFor(type: string | null, { keepsTexts = false } = {}): MediaWriter {
  const writeJson = keepsTexts ? writeVerbatimJson : writePlainJson
  const name = essence(type)
  return jsonLines.includes(name) ? writeLinesOf(writeJson) : (writers[name] ?? writeJson)
}

const writePlainJson: MediaWriter = (value) => JSON.stringify(value) ?? 'null'

const writeLinesOf =
  (write: MediaWriter): MediaWriter =>
  (value) =>
    [value]
      .flat()
      .map((item) => `${write(item)}\n`)
      .join('')

const jsonLines: readonly string[] = [
  'application/x-ndjson',
  'application/jsonl',
  'application/json-lines',
  'application/jsonlines',
]

const writers: Readonly<Record<string, MediaWriter>> = {
  'text/csv': writeCsv,
  'application/x-www-form-urlencoded': writeForm,
}
