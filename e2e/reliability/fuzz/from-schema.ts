import type { Json } from './corpus.ts'
import type { Random } from './random.ts'

/** The part of JSON Schema that the schema of the language uses. */
export interface Schema {
  readonly $ref?: string
  readonly $defs?: Readonly<Record<string, Schema>>
  readonly type?: string
  readonly enum?: readonly Json[]
  readonly const?: Json
  readonly anyOf?: readonly Schema[]
  readonly oneOf?: readonly Schema[]
  readonly properties?: Readonly<Record<string, Schema>>
  readonly required?: readonly string[]
  readonly additionalProperties?: Schema | boolean
  readonly propertyNames?: Schema
  readonly items?: Schema
  readonly minItems?: number
  readonly pattern?: string
  readonly minimum?: number
  readonly maximum?: number
}

/** What stands for text, beside what the corpus says at the same key: names, paths, durations, templates, conditions' left sides. */
const texts: readonly string[] = [
  ...[
    'id',
    'a',
    'items',
    'done',
    'x-1',
    'X-Id',
    'text/csv',
    'application/json',
    'application/xml',
    'text/event-stream',
  ],
  ...['/things/{id}', '/things/{rest*}', '/{a}/{b}', '/v1/{id}:go', '5ms', '1s', 'query.id', 'params.id', 'body.a.b'],
  ...['headers.x-id', '$.a', '$.items[*].id', '//a', '/a/b', 'body', '^a+$', '(a|aa)+b', 'é\u0000', '', '{id}'],
  ...['{hex:32}', '{seq:3}', 'uuid', 'ulid', 'sequence', '{{ request.body.a }}', '{{ request.query.id }}', '{{ now }}'],
  ...['{{ flow.id }}', '{{ flow.a }}', '{{ record.a }}', '{{ records.things }}', '{{ page.items }}', '{{ token.sub }}'],
  ...[
    '{{ request.body | json }}',
    '{{ request.text | xml_escape }}',
    '{{ request.body.a | divided_by: 0 }}',
    '{{ uuid }}',
  ],
  ...[
    '{{ request.body.items | map: "id" | join: "," }}',
    '{{ request.headers.x-id | base64_decode }}',
    '{{ base_url }}/x',
  ],
  ...['{{ request.body.a | date: "%Y", request.body.b }}', '{{ request.body.a | parse_json }}', '{{ counters.a }}'],
]

const data: readonly Json[] = [null, true, 0, -1, 1e21, 0.1, 'text', [], {}, [1, 2], { a: { b: 1 } }]

/** A value that fits the schema, as far as the schema tells; what lies deep is left small. */
export function fromSchema(schema: Schema, root: Schema, random: Random, depth = 0): Json {
  if (schema.$ref !== undefined) return fromSchema(resolve(schema.$ref, root), root, random, depth)
  if (schema.const !== undefined) return schema.const
  if (schema.enum !== undefined) return random.pick(schema.enum)
  const choices = schema.anyOf ?? schema.oneOf
  if (choices !== undefined) return fromSchema(random.pick(choices), root, random, depth)
  switch (schema.type) {
    case 'boolean':
      return random.chance(0.5)
    case 'integer':
    case 'number':
      return numberOf(schema, random)
    case 'string':
      return textOf(schema, random)
    case 'array':
      return listOf(schema, root, random, depth)
    case 'object':
      return mappingOf(schema, root, random, depth)
    default:
      return anything(random, depth)
  }
}

/** The schema at a member or an item of what has this schema; alternatives are all of them. */
export function innerSchemas(schema: Schema, root: Schema, step: string | number): Schema[] {
  if (schema.$ref !== undefined) return innerSchemas(resolve(schema.$ref, root), root, step)
  const choices = schema.anyOf ?? schema.oneOf
  if (choices !== undefined) return choices.flatMap((choice) => innerSchemas(choice, root, step))
  if (typeof step === 'number') return schema.items === undefined ? [] : [schema.items]
  const own = schema.properties?.[step]
  if (own !== undefined) return [own]
  return typeof schema.additionalProperties === 'object' ? [schema.additionalProperties] : []
}

/** The members that what has one of these schemas may have. */
export function memberSchemas(schemas: readonly Schema[], root: Schema): [string, Schema][] {
  return schemas.flatMap((schema): [string, Schema][] => {
    if (schema.$ref !== undefined) return memberSchemas([resolve(schema.$ref, root)], root)
    const choices = schema.anyOf ?? schema.oneOf
    return choices === undefined ? Object.entries(schema.properties ?? {}) : memberSchemas(choices, root)
  })
}

function resolve(reference: string, root: Schema): Schema {
  return root.$defs?.[reference.slice('#/$defs/'.length)] ?? {}
}

function numberOf({ minimum = 0, maximum = 100_000 }: Schema, random: Random): number {
  return random.pick([minimum, Math.min(minimum + 1, maximum), Math.min(maximum, 100_000), minimum + random.below(10)])
}

function textOf({ pattern }: Schema, random: Random): string {
  if (pattern === undefined) return random.pick(texts)
  const expression = new RegExp(pattern, 'u')
  const fitting = texts.filter((text) => expression.test(text))
  return fitting.length === 0 ? random.pick(texts) : random.pick(fitting)
}

function listOf({ items = {}, minItems = 0 }: Schema, root: Schema, random: Random, depth: number): Json {
  const length = minItems + (depth > 6 ? 0 : random.below(3))
  return Array.from({ length }, () => fromSchema(items, root, random, depth + 1))
}

function mappingOf(schema: Schema, root: Schema, random: Random, depth: number): Json {
  const { properties = {}, required = [], additionalProperties } = schema
  const mapping: { [name: string]: Json } = {}
  for (const [name, inner] of Object.entries(properties)) {
    if (required.includes(name) || random.chance(depth > 4 ? 0.05 : 0.25)) {
      mapping[name] = fromSchema(inner, root, random, depth + 1)
    }
  }
  if (typeof additionalProperties === 'object') {
    const names = schema.propertyNames ?? { type: 'string' }
    for (let count = random.below(3); count > 0; count--) {
      mapping[textOf(names, random)] = fromSchema(additionalProperties, root, random, depth + 1)
    }
  }
  return mapping
}

function anything(random: Random, depth: number): Json {
  if (random.chance(0.5)) return random.pick(texts)
  if (depth > 6 || random.chance(0.5)) return random.pick(data)
  return random.chance(0.5)
    ? [anything(random, depth + 2), anything(random, depth + 2)]
    : { [random.pick(texts)]: anything(random, depth + 2), a: anything(random, depth + 2) }
}
