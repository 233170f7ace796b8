import type { DeclaredState, PartnerDefinition } from '@imnot/schema'
import type { AnswerOptions } from '../answers/answer.ts'
import type { PatternServices } from '../patterns/pattern.ts'
import type { Resource, Resources } from '../records/resource.ts'
import { compileStates, type Machine } from './machine.ts'

/** The states of each datapoint that declares some, by its name. */
export type Machines = ReadonlyMap<string, Machine>

interface Options {
  readonly resources: Resources
  readonly options: AnswerOptions
  readonly services: PatternServices
}

/** Throws a `DefinitionFault`. */
export function compileMachines(
  { partner, datapoints }: PartnerDefinition,
  { resources, options, services }: Options,
): Machines {
  const machines = new Map<string, Machine>()
  for (const datapoint of datapoints) {
    const states = statesOf(datapoint)
    if (states === undefined) continue
    const { environment } = services
    const context = {
      partner,
      datapoint: datapoint.name,
      resources,
      environment,
      options: { ...options, flowId: true },
      ofRecords: ofRecords(datapoint, states, resources.get(datapoint.name)),
    }
    machines.set(datapoint.name, compileStates(states, context))
  }
  return machines
}

function ofRecords(datapoint: object, states: readonly DeclaredState[], resource: Resource | undefined) {
  if (resource === undefined) return null
  const field = 'state_field' in datapoint ? datapoint.state_field : undefined
  return { resource, stateField: typeof field === 'string' ? field : null, names: states.map(({ name }) => name) }
}

function statesOf(datapoint: object): readonly DeclaredState[] | undefined {
  return 'states' in datapoint ? (datapoint.states as readonly DeclaredState[] | undefined) : undefined
}
