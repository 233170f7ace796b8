import * as z from 'zod'
import { mapping } from '../language-mapping.ts'
import { condition } from './condition.ts'
import { text } from './leaf.ts'

const variable = /^[A-Za-z_][A-Za-z0-9_]*$/
const members = z.record(z.string(), z.unknown(), { error: 'a mapping' })
const resource = text('the name of a resource')

const effect = mapping(
  {
    for_each: text('the name of a loop variable', variable)
      .optional()
      .describe('Does it for each item of `in`; all other keys see the item by this name.'),
    in: z.unknown().optional().describe('The list that for_each goes through: a template, or a list.'),
    when: condition,
    set: members
      .optional()
      .describe('Merges these values deeply into the flow or the record that the request concerns.'),
    create: resource.optional().describe('Makes a record of this resource.'),
    update: resource.optional().describe('Changes the record of this resource that `id` names.'),
    delete: resource.optional().describe('Removes the record of this resource that `id` names.'),
    params: members
      .optional()
      .describe("Path parameters of the record beside its id; by default the request's of the same names."),
    id: z
      .union([text('text, a template or a number'), z.number()], { error: 'text, a template or a number' })
      .optional()
      .describe('The id of the record; a record that is made without one gets it as its resource says.'),
    record: z
      .union([members, text('a mapping or a template')], { error: 'a mapping or a template' })
      .optional()
      .describe('What the new record holds, or what is merged deeply into the old one.'),
    as: text('a name', variable)
      .optional()
      .describe('The name by which what follows sees the record: later effects, the answer, callbacks.'),
    enter: text('the name of a state').optional().describe('The state that the flow or the record enters.'),
  },
  'a mapping with one of "set", "create", "update", "delete" and "enter"',
).meta({ id: 'effect' })

/** `effects` of an endpoint, and of a state; `checkEffects` knows which keys go together. */
export const effects = z
  .array(effect, { error: 'a list of effects' })
  .optional()
  .describe('Changes made together with the first final answer, in this order, before it is rendered.')

export type DeclaredEffect = NonNullable<z.output<typeof effects>>[number]

/** What an effect does to a record of a resource that it names. */
export const recordVerbs = ['create', 'update', 'delete'] as const

/** The names that effects give to records; whatever stands beside them may use these as a root. */
export function namesGiven(declared: unknown): string[] {
  if (!Array.isArray(declared)) return []
  return declared.flatMap((effect: unknown) =>
    typeof effect === 'object' && effect !== null && 'as' in effect && typeof effect.as === 'string' ? [effect.as] : [],
  )
}
