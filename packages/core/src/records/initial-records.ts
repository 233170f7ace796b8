import { DefinitionFault } from '../definition-fault.ts'
import type { ReadFile } from '../files/read-file.ts'
import { decodeText } from '../http/media-type.ts'
import { mediaTypeOf } from '../http/media-type-of-file.ts'
import { keys } from '../keys.ts'
import { isMapping } from '../rendering/read-member.ts'
import { parseBody } from '../request/parse-body.ts'
import { toContent } from './merge-deep.ts'
import { asId } from './record-key.ts'
import type { InitialRecord, InitialRecords, Resource } from './resource.ts'
import { scopeParams } from './resource.ts'
import { paramValues } from './unique.ts'

type Kind = Pick<Resource, 'partner' | 'name' | 'scopeNames'>

/** The records that a definition has, those that it lists first, by their keys. Throws a `DefinitionFault` on a file that holds others. */
export function initialRecords(
  kind: Kind,
  listed: readonly unknown[],
  file: string | undefined,
  readFile: ReadFile,
): InitialRecords {
  const initial = new Map<string, InitialRecord>()
  const add = (record: unknown, where: string) => {
    const params = isMapping(record) ? scopeParams(kind, record) : {}
    const id = isMapping(record) ? asId(record.id) : null
    if (id === null) throw new DefinitionFault(`${where} has no "id", which is text or a number.`, file ?? '')
    const missing = kind.scopeNames.find((name) => params[name] === undefined)
    if (missing !== undefined) {
      throw new DefinitionFault(`${where} has no "${missing}", which is part of what tells it from others.`, file ?? '')
    }
    const key = keys.record('', kind.partner, kind.name, paramValues(kind, params), String(id))
    if (initial.has(key)) throw new DefinitionFault(`${where} has the id "${id}", which one before it has.`, file ?? '')
    const { id: _id, ...content } = toContent(record)
    initial.set(key, { id, params, content, place: initial.size })
  }
  for (const [index, record] of listed.entries()) add(record, `Record ${index + 1}`)
  if (file !== undefined) {
    for (const [index, record] of recordsIn(file, readFile(file)).entries()) {
      add(record, `Record ${index + 1} of the file "${file}"`)
    }
  }
  return initial
}

function recordsIn(file: string, bytes: Uint8Array): readonly unknown[] {
  const type = mediaTypeOf(file) ?? 'application/json'
  const found = parseBody(bytes, type, () => textOf(file, bytes))
  if (Array.isArray(found)) return found
  const expected = 'must hold a list of records, as JSON, JSON lines or CSV'
  throw new DefinitionFault(`The file "${file}" ${expected}; what it holds is none.`, file)
}

function textOf(file: string, bytes: Uint8Array): string {
  try {
    return decodeText(bytes, null).replace(/^\ufeff/, '')
  } catch {
    throw new DefinitionFault(`The file "${file}" is no text in UTF-8.`, file)
  }
}
