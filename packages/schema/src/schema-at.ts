import type * as z from 'zod'

/** The part of a schema that describes the value at a path, or undefined where the schema says nothing about it. */
export function schemaAt(schema: z.core.$ZodType, path: readonly PropertyKey[]): z.core.$ZodType | undefined {
  let current: z.core.$ZodType | undefined = unwrap(schema)
  for (const step of path) {
    current = current && child(current, step)
    current = current && unwrap(current)
  }
  return current
}

/** The keys that a mapping at this path may have. */
export function keysAt(schema: z.core.$ZodType, path: readonly PropertyKey[]): string[] {
  const found = schemaAt(schema, path) as z.core.$ZodTypes | undefined
  return found?._zod.def.type === 'object' ? Object.keys(found._zod.def.shape) : []
}

function child(schema: z.core.$ZodType, step: PropertyKey): z.core.$ZodType | undefined {
  const { def } = (schema as z.core.$ZodTypes)._zod
  if (def.type === 'object') {
    return Object.hasOwn(def.shape, step) ? (def.shape as Record<PropertyKey, z.core.$ZodType>)[step] : undefined
  }
  if (def.type === 'array') return def.element
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
