import type * as z from 'zod'

/** The part of a schema that describes the value at a path, or undefined where the schema says nothing about it. */
export function schemaAt(schema: z.core.$ZodType, path: readonly PropertyKey[]): z.core.$ZodType | undefined {
  const current = unwrap(schema)
  const { def } = (current as z.core.$ZodTypes)._zod
  if (def.type === 'union') {
    const found = def.options.map((option) => schemaAt(option, path)).filter((one) => one !== undefined)
    return found.find(isMapping) ?? found[0]
  }
  const [step, ...rest] = path
  if (step === undefined) return current
  const inner = child(current, step)
  return inner && schemaAt(inner, rest)
}

/** Of several forms of a value, the mapping has keys that can be told. */
function isMapping(schema: z.core.$ZodType): boolean {
  return (schema as z.core.$ZodTypes)._zod.def.type === 'object'
}

/** The keys that a mapping at this path may have. */
export function keysAt(schema: z.core.$ZodType, path: readonly PropertyKey[]): string[] {
  const found = schemaAt(schema, path)
  return found === undefined ? [] : keysOf(found)
}

/** Where a value may be several things, the keys of all that are mappings. */
function keysOf(schema: z.core.$ZodType): string[] {
  const { def } = (unwrap(schema) as z.core.$ZodTypes)._zod
  if (def.type === 'union') return def.options.flatMap(keysOf)
  return def.type === 'object' ? Object.keys(def.shape) : []
}

function child(schema: z.core.$ZodType, step: PropertyKey): z.core.$ZodType | undefined {
  const { def } = (schema as z.core.$ZodTypes)._zod
  if (def.type === 'object') {
    return Object.hasOwn(def.shape, step) ? (def.shape as Record<PropertyKey, z.core.$ZodType>)[step] : undefined
  }
  if (def.type === 'array') return def.element
  if (def.type === 'union')
    return def.options.map((option) => child(unwrap(option), step)).find((found) => found !== undefined)
  return def.type === 'record' ? def.valueType : undefined
}

/** The schema that the written value meets, under defaults and transformations. */
function unwrap(schema: z.core.$ZodType): z.core.$ZodType {
  const { def } = (schema as z.core.$ZodTypes)._zod
  switch (def.type) {
    case 'optional':
    case 'nullable':
    case 'default':
    case 'prefault':
      return unwrap(def.innerType)
    case 'pipe':
      return unwrap((def.in as z.core.$ZodTypes)._zod.def.type === 'transform' ? def.out : def.in)
    default:
      return schema
  }
}
