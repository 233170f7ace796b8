import { essence } from '../../http/media-type.ts'
import { writeCsv } from './csv.ts'
import { writeForm } from './form.ts'

/** Writes data as text of one media type. */
export type MediaWriter = (value: unknown) => string

/** JSON for every type that has no writer of its own. */
export function writerFor(type: string | null): MediaWriter {
  return writers[essence(type)] ?? writeJson
}

const writeJson: MediaWriter = (value) => JSON.stringify(value) ?? 'null'

const writeJsonLines: MediaWriter = (value) =>
  [value]
    .flat()
    .map((item) => `${writeJson(item)}\n`)
    .join('')

const writers: Readonly<Record<string, MediaWriter>> = {
  'text/csv': writeCsv,
  'application/x-ndjson': writeJsonLines,
  'application/jsonl': writeJsonLines,
  'application/json-lines': writeJsonLines,
  'application/jsonlines': writeJsonLines,
  'application/x-www-form-urlencoded': writeForm,
}
