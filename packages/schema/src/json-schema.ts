import * as z from 'zod'
import { definitionSchema } from './definition-schema.ts'
import type { PatternSchema } from './patterns/pattern.ts'
import { builtinPatterns } from './patterns/registry.ts'

/**
 * The JSON Schema (draft 2020-12) of a definition, for the completion and the hints of editors. The parser knows more:
 * rules between keys, routes, and what YAML itself does to values.
 */
export function definitionJsonSchema(patterns: readonly PatternSchema[] = builtinPatterns): object {
  const schema = z.toJSONSchema(definitionSchema(patterns), {
    target: 'draft-2020-12',
    io: 'input',
    unrepresentable: 'any',
    override: ({ jsonSchema }) => {
      // Every mapping of the language takes the author's own keys; only strict objects forbid others.
      if (jsonSchema.type === 'object' && jsonSchema.additionalProperties === false)
        jsonSchema.patternProperties = { '^x-': {} }
    },
  })
  return {
    $schema: schema.$schema,
    title: 'imnot partner definition',
    ...schema,
  }
}
