import * as z from 'zod'
import { mapping } from '../language-mapping.ts'
import { fileName } from './file-name.ts'
import { oneOf, text, truth } from './leaf.ts'

/** A test keeps these equal to the ones that core knows. */
export const valueTypes = ['string', 'number', 'integer', 'boolean', 'array', 'object', 'date', 'datetime'] as const

const bound = z.number({ error: 'a number' }).optional()

const rule = mapping(
  {
    required: truth().default(false).describe('It must be there, and not be null.'),
    type: oneOf(valueTypes).optional().describe('What it must be; text that reads as one will do outside of JSON.'),
    allowed: z
      .array(z.unknown(), { error: 'a list of values' })
      .min(1, { error: 'a list of at least one value' })
      .optional()
      .describe('The values that it may have.'),
    pattern: text('a pattern').optional().describe('A regular expression (RE2) that is found in its text.'),
    min: bound.describe('Of a number the smallest; of text or a list the shortest length.'),
    max: bound.describe('Of a number the largest; of text or a list the longest length.'),
  },
  'a mapping with required, type, allowed, pattern, min or max',
).meta({ id: 'rule' })

const rules = (what: string) =>
  z
    .record(text('a name, a JSONPath or an XPath'), rule, { error: 'a mapping of names to rules' })
    .optional()
    .describe(what)

const mediaTypes = z
  .array(text('a media type such as application/json, or a range such as text/*', /^[^\s/;]+\/[^\s/;]+$/), {
    error: 'a list of media types',
  })
  .min(1, { error: 'a list of at least one media type' })
  .optional()

const declared = mapping(
  {
    params: rules('Rules for the parameters of the path.'),
    query: rules('Rules for query parameters; each of several values is looked at.'),
    headers: rules('Rules for headers.'),
    body: rules('Rules for values of the body: dotted names, JSONPath, or XPath.'),
    schema: z
      .union([fileName, z.record(z.string(), z.unknown())], {
        error: 'a JSON Schema, or the file of one beside the definition',
      })
      .optional()
      .describe('A JSON Schema (draft 2020-12 unless its $schema says another) that the parsed body must fit.'),
    content_type: mediaTypes.describe('Media types that the body may have; another one is 415.'),
    accept: mediaTypes.describe('Media types that the answer can have; a client that accepts none of them gets 406.'),
  },
  'a mapping with params, query, headers, body, schema, content_type or accept',
)

/** `validate` of an endpoint. */
export const validate = z
  .union([declared, z.literal(false, { error: 'a mapping of rules, or false' })], {
    error: 'a mapping of rules, or false',
  })
  .optional()
  .describe('What a request must be; else it is refused as `invalid`, with every violation.')

export type DeclaredValidation = Exclude<NonNullable<z.output<typeof validate>>, false>
export type DeclaredRule = NonNullable<DeclaredValidation['body']>[string]
