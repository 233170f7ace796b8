import { type ParsedDefinition, parseDefinition } from '@imnot/schema'
import type { Json } from './corpus.ts'
import { fromSchema, innerSchemas, memberSchemas, type Schema } from './from-schema.ts'
import type { Random } from './random.ts'

interface Place {
  readonly value: Json
  readonly schemas: readonly Schema[]
  /** Puts another value in its place; undefined takes it away. */
  replace(value: Json | undefined): void
}

export interface Grown {
  readonly text: string
  readonly parsed: ParsedDefinition
}

/**
 * A definition of the corpus with random changes: keys added as the schema allows, values replaced, keys taken away, endpoints
 * doubled. A change after which the definition is no longer valid is undone, so that what comes out can be served.
 */
export function growDefinition(corpus: readonly Json[], root: Schema, random: Random): Grown {
  let definition = structuredClone(random.pick(corpus))
  let valid = parsedOf(definition)
  if (valid === null) throw new Error('A definition of the corpus is not valid.')
  for (let changes = 1 + random.below(12); changes > 0; changes--) {
    const changed = structuredClone(definition)
    change(changed, root, random)
    const parsed = parsedOf(changed)
    if (parsed === null) continue
    definition = changed
    valid = parsed
  }
  return valid
}

/** JSON is YAML. */
function parsedOf(definition: Json): Grown | null {
  const text = JSON.stringify(definition)
  const result = parseDefinition(text)
  return result.ok ? { text, parsed: result.parsed } : null
}

function change(definition: Json, root: Schema, random: Random): void {
  const { value, schemas, replace } = random.pick(placesOf(definition, [root], root, () => {}))
  if (Array.isArray(value) && value.length > 0 && random.chance(0.5)) {
    value.push(structuredClone(random.pick(value)))
    return
  }
  const members = memberSchemas(schemas, root).filter(([name]) => isMapping(value) && !Object.hasOwn(value, name))
  if (isMapping(value) && members.length > 0 && random.chance(0.8)) {
    const [name, schema] = random.pick(members)
    value[name] = fromSchema(schema, root, random)
    return
  }
  if (random.chance(0.2)) replace(undefined)
  else if (schemas.length > 0) replace(fromSchema(random.pick(schemas), root, random))
}

/** Every value in the definition, with what the schema says of its place. */
function placesOf(value: Json, schemas: readonly Schema[], root: Schema, replace: Place['replace']): Place[] {
  const own: Place = { value, schemas, replace }
  if (Array.isArray(value)) {
    const inner = schemas.flatMap((schema) => innerSchemas(schema, root, 0))
    return [
      own,
      ...value.flatMap((item, index) =>
        placesOf(item, inner, root, (changed) => {
          if (changed === undefined) value.splice(index, 1)
          else value[index] = changed
        }),
      ),
    ]
  }
  if (!isMapping(value)) return [own]
  return [
    own,
    ...Object.entries(value).flatMap(([name, member]) =>
      placesOf(
        member,
        schemas.flatMap((schema) => innerSchemas(schema, root, name)),
        root,
        (changed) => {
          if (changed === undefined) delete value[name]
          else value[name] = changed
        },
      ),
    ),
  ]
}

function isMapping(value: Json): value is { [name: string]: Json } {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
