import { Buffer } from 'node:buffer'
import type { ErrorObject, ValidateFunction } from 'ajv'
import { compilePattern } from '../conditions/pattern.ts'
import { DefinitionFault } from '../definition-fault.ts'
import type { ReadFile } from '../files/read-file.ts'
import type { Exchange } from '../handling/exchange.ts'
import { isLibraryNeeded, library } from '../libraries.ts'
import { isMapping } from '../rendering/read-member.ts'
import { boundTime } from './bounded-ajv.ts'
import { shown } from './shown.ts'
import type { Violation } from './violation.ts'

type Schema = Readonly<Record<string, unknown>>

/** Where files of a definition are, for references between them; a host that cannot be (RFC 6761, 6.4). */
const home = 'https://definition.invalid/'

/**
 * A JSON Schema for the parsed body: inline, or a file beside the definition, which may refer to others there. A reference
 * that leads elsewhere is a `DefinitionFault`, and so is a schema that is none.
 */
export function compileJsonSchema(
  declared: string | Schema,
  readFile: ReadFile | undefined,
): (exchange: Exchange) => Violation[] {
  const name = typeof declared === 'string' ? declared : null
  const schema = typeof declared === 'string' ? readSchema(declared, readFile) : declared
  const validate = compileWithFiles(schema, name, readFile)
  return ({ view, bytes }) => {
    const { body } = view
    if (body === undefined)
      return [{ place: 'body', field: '', problem: bytes.byteLength === 0 ? 'is required' : notData }]
    // Arrays and mappings are only read; Ajv changes nothing without the options that ask for it.
    return validate(body) ? [] : withoutEchoes(validate.errors ?? []).map(violationOf)
  }
}

const notData = 'must be JSON, or what its Content-Type says, and is not well formed'

function readSchema(name: string, readFile: ReadFile | undefined): Schema {
  const text = Buffer.from(readFile?.(name) ?? []).toString('utf8')
  try {
    const schema: unknown = JSON.parse(text.replace(/^\uFEFF/, ''))
    if (isMapping(schema)) return schema
  } catch {}
  throw new DefinitionFault(`The file "${name}" is no JSON Schema: it is no JSON object.`, name)
}

/** Ajv tells which schema it lacks; one that stands beside the definition is given to it, and it is asked again. */
function compileWithFiles(schema: Schema, name: string | null, readFile: ReadFile | undefined): ValidateFunction {
  const ajv = createAjv(schema, name)
  const root = typeof schema.$id === 'string' ? schema : { ...schema, $id: `${home}${name ?? ''}` }
  const toFile = filesOf(String(root.$id), name ?? '')
  for (;;) {
    try {
      return ajv.compile(root)
    } catch (error) {
      if (isLibraryNeeded(error) || error instanceof DefinitionFault) throw error
      const missing = (error as { missingSchema?: string }).missingSchema
      if (missing === undefined) throw badSchema(error, name)
      const file = toFile(missing)
      if (file === null) throw foreign(missing, schema)
      ajv.addSchema(readSchema(file, readFile), missing)
    }
  }
}

/** The file that a resolved reference means; null where it means none. A schema with an `$id` of its own has its neighbours beside that. */
function filesOf(id: string, name: string): (reference: string) => string | null {
  const isHome = id.startsWith(home) || !URL.canParse(id)
  const base = isHome ? home : new URL('.', id).href
  const folder = isHome ? '' : name.slice(0, name.lastIndexOf('/') + 1)
  return (reference) => (reference.startsWith(base) ? folder + decodeURIComponent(reference.slice(base.length)) : null)
}

function createAjv({ $schema: dialect = '' }: Schema, name: string | null) {
  const { Ajv, Ajv2019, Ajv2020, addFormats } = library('ajv')
  const text = String(dialect)
  const isOlder = /draft-0[67]/.test(text)
  if (/draft-0[1-5]/.test(text)) {
    throw new DefinitionFault(
      `The JSON Schema is of the dialect ${text}, which is too old; write it in draft-06 or later.`,
      text,
    )
  }
  const Dialect = isOlder ? Ajv : text.includes('2019-09') ? Ajv2019 : Ajv2020
  // The patterns of a definition take time in proportion to the text.
  const regExp = Object.assign((source: string) => linear(source, name), { code: 'linear' })
  const ajv = new Dialect({ strict: false, allErrors: true, verbose: true, logger: false, code: { regExp } })
  addFormats(ajv)
  boundTime(ajv)
  return ajv
}

function linear(source: string, name: string | null) {
  library('re2')
  try {
    const { test } = compilePattern(source)
    return { test, toString: () => source }
  } catch (error) {
    const message = `The pattern ${JSON.stringify(source)} of the JSON Schema cannot be used: ${messageOf(error)}; patterns are RE2's, without look-around and back references.`
    throw new DefinitionFault(message, name ?? source)
  }
}

function foreign(reference: string, schema: Schema): DefinitionFault {
  const message =
    `The JSON Schema refers to ${reference}, and a reference leads to nothing but files in the folder of the definition; ` +
    'put that schema there, and refer to it by a relative path.'
  return new DefinitionFault(message, textOfReference(schema, reference) ?? reference)
}

/** The reference as it is written, by which its place is found. */
function textOfReference(value: unknown, reference: string): string | null {
  if (typeof value !== 'object' || value === null) return null
  for (const [key, inner] of Object.entries(value)) {
    if (key === '$ref' && typeof inner === 'string' && inner.split('#', 1)[0] === reference) return inner
    const found = textOfReference(inner, reference)
    if (found !== null) return found
  }
  return null
}

function badSchema(error: unknown, name: string | null): DefinitionFault {
  const what = name === null ? 'The JSON Schema' : `The JSON Schema "${name}"`
  return new DefinitionFault(`${what} cannot be used: ${messageOf(error)}.`, name ?? 'schema')
}

function messageOf(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).replace(/\.$/, '')
}

/** That a branch failed tells less than what failed in it. */
function withoutEchoes(errors: readonly ErrorObject[]): readonly ErrorObject[] {
  const told = errors.filter(({ keyword }) => keyword !== 'if')
  return told.length === 0 ? errors : told
}

function violationOf(error: ErrorObject): Violation {
  const { instancePath, keyword, params, message = 'is not what it must be', data } = error
  const path = instancePath
    .split('/')
    .slice(1)
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'))
  if (keyword === 'required')
    return { place: 'body', field: [...path, params.missingProperty].join('.'), problem: 'is required' }
  if (keyword === 'additionalProperties') {
    return { place: 'body', field: [...path, params.additionalProperty].join('.'), problem: 'is not known here' }
  }
  const values = keyword === 'enum' ? `: ${(params.allowedValues as readonly unknown[]).map(shown).join(', ')}` : ''
  return { place: 'body', field: path.join('.'), problem: `${message}${values}, found ${shown(data)}` }
}
