import * as z from 'zod'
import { basePath } from './fields/base-path.ts'
import { defaults } from './fields/defaults.ts'
import { errors } from './fields/errors.ts'
import { hosts } from './fields/hosts.ts'
import { description, partnerName } from './fields/names.ts'
import type { PatternSchema } from './patterns/pattern.ts'

const listOfDatapoints = { error: 'a list of datapoints' }
const atLeastOne = { error: 'a list of at least one datapoint' }

/** The keys of a partner, with its datapoints not yet looked into: each is parsed by the schema of its pattern. */
export const partnerHead = z.strictObject({
  partner: partnerName,
  description,
  base_path: basePath,
  hosts,
  defaults,
  errors,
  datapoints: z.array(z.unknown(), listOfDatapoints).min(1, atLeastOne),
})

/** The whole language in one schema. */
export function definitionSchema(patterns: readonly PatternSchema[]) {
  const [first, ...others] = patterns.map(({ datapoint }) => datapoint)
  if (!first) throw new TypeError('At least one pattern is needed to define datapoints.')
  const datapoint = z.discriminatedUnion('pattern', [first, ...others])
  return partnerHead.extend({
    datapoints: z.array(datapoint).min(1).describe('The capabilities of the partner, each with a payload of its own.'),
  })
}

/** The keys of a datapoint, with its endpoints not yet looked into, so that a fault in one hides no fault in another. */
export function datapointHead(pattern: PatternSchema): z.ZodObject {
  let head = heads.get(pattern)
  if (!head) {
    const endpoints = z
      .array(z.unknown(), { error: 'a list of endpoints' })
      .min(1, { error: 'a list of at least one endpoint' })
    head = pattern.datapoint.extend({ endpoints })
    heads.set(pattern, head)
  }
  return head
}

// Building a schema costs a hundred times what using it does.
const heads = new WeakMap<PatternSchema, z.ZodObject>()
