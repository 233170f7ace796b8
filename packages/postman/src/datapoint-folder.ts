import { type DatapointDefinition, findPattern, type PatternSchema } from '@imnot/schema'
import type { PostmanFolder } from './collection.ts'
import type { PatternRequests, RequestContext } from './patterns/pattern.ts'
import { findRequests } from './patterns/registry.ts'
import { payloadPlans } from './payload-plans.ts'
import { type ServerVariables, toItem } from './requests/to-item.ts'
import type { Variables } from './variables/variable.ts'

export interface FolderOptions {
  readonly patterns: readonly PatternSchema[]
  readonly requests: readonly PatternRequests[]
  readonly variables: Variables
  readonly server: ServerVariables
}

/** The requests of one datapoint: the upload first, where it answers with one. */
export function datapointFolder(
  partner: string,
  datapoint: DatapointDefinition,
  { patterns, requests, variables, server }: FolderOptions,
): PostmanFolder {
  const { name, description, pattern } = datapoint
  const own = findRequests(pattern, requests)
  const context: RequestContext = {
    partner,
    datapoint,
    // Neither name has a dot in it, so that no two datapoints share a variable.
    variable: (variable, value, about) => variables.declare(`${partner}.${name}.${variable}`, value, about),
    shared: (variable, value, about) => variables.declare(variable, value, about),
    payload: undefined,
  }
  const takesPayload = findPattern(pattern, patterns)?.takesPayload ?? false
  const payload = takesPayload ? (own.payload?.(context) ?? { hello: 'world' }) : undefined
  const plans = [
    ...(takesPayload ? payloadPlans({ partner, datapoint: name, payload }) : []),
    ...own.requests({ ...context, payload }),
  ]
  return {
    name,
    ...(description !== undefined && { description }),
    item: plans.map((plan) => toItem(plan, server)),
  }
}
