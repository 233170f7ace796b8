import { checkFlowNames, reservedFlowNames } from '../flow-names.ts'
import { parametersOf } from '../path-syntax.ts'
import type { Problem } from '../problem.ts'
import { checkStates } from '../state-rules.ts'
import type { AsyncDatapoint, AsyncEndpoint } from './async.ts'

/** Rules between the endpoints of a flow. */
export function checkAsyncDatapoint(datapoint: AsyncDatapoint): Problem[] {
  const { endpoints } = datapoint
  return [
    ...checkSteps(endpoints),
    ...checkNames(endpoints),
    ...checkFinders(endpoints),
    ...checkKeptBodies(endpoints),
    ...checkStates(datapoint, 'flow'),
    ...checkFlowNames(datapoint, namesOf(datapoint)),
  ]
}

function checkSteps(endpoints: readonly AsyncEndpoint[]): Problem[] {
  const steps = endpoints.flatMap(({ step }) => (step === undefined ? [] : [step]))
  const lowest = Math.min(...steps)
  const outside = endpoints.length - steps.length
  if (new Set(steps).size + outside < 2) {
    const message =
      'A datapoint of pattern async needs at least two different steps: one that starts the flow and one that follows.'
    return [{ code: 'too-few-steps', message, path: ['endpoints'] }]
  }
  if (!endpoints.some(({ response }) => response.generates_id)) {
    const first = steps.length === 0 ? 'its first step' : `step ${lowest}`
    const message = `No step starts the flow; write "generates_id: true" in the response of ${first}.`
    return [{ code: 'no-start', message, path: ['endpoints'] }]
  }
  // One without a step is told as such.
  if (endpoints.some(({ step, response }) => response.generates_id && step === undefined)) return []
  if (!endpoints.some(({ step, response }) => step === lowest && response.generates_id)) {
    const index = endpoints.findIndex(({ response }) => response.generates_id)
    const message = `The flow starts at step ${endpoints[index]?.step}, which comes after step ${lowest}; the lowest step must have "generates_id: true".`
    return [{ code: 'late-start', message, path: ['endpoints', index, 'step'] }]
  }
  return []
}

/** What is kept of the flow by a name of the author's. */
function namesOf({ endpoints, states = [] }: AsyncDatapoint): string[] {
  const effects = [...endpoints, ...states].flatMap((one) => one.effects ?? [])
  const sets = [...states, ...effects].flatMap(({ set = {} }) => Object.keys(set))
  const kept = endpoints.flatMap(({ capture = {}, generate = {} }) => [
    ...Object.keys(capture),
    ...Object.keys(generate),
  ])
  return [...new Set([...kept, ...sets])]
}

function checkNames(endpoints: readonly AsyncEndpoint[]): Problem[] {
  const captured = new Set(endpoints.flatMap(({ capture = {} }) => Object.keys(capture)))
  return endpoints.flatMap(({ capture = {}, generate = {} }, index) => [
    ...Object.keys(capture)
      .filter((name) => reservedFlowNames.includes(name))
      .map((name) => ofFlowItself(name, ['endpoints', index, 'capture', name])),
    ...Object.keys(generate).flatMap((name): Problem[] => {
      const path = ['endpoints', index, 'generate', name]
      if (reservedFlowNames.includes(name)) return [ofFlowItself(name, path)]
      if (!captured.has(name)) return []
      const message = `"${name}" is generated here and captured elsewhere; a name stands for one of the two.`
      return [{ code: 'duplicate-name', message, path, at: 'key' }]
    }),
  ])
}

function ofFlowItself(name: string, path: Problem['path']): Problem {
  const message = `"flow.${name}" is what the flow itself says; choose another name.`
  return { code: 'reserved-name', message, path, at: 'key' }
}

/** Every later step must be able to find its flow. */
function checkFinders(endpoints: readonly AsyncEndpoint[]): Problem[] {
  const generated = new Set(endpoints.flatMap(({ generate = {} }) => Object.keys(generate)))
  return endpoints.flatMap(({ path, step, id_from, response }, index): Problem[] => {
    if (response.generates_id || id_from !== undefined || step === undefined) return []
    if (parametersOf(path).some((name) => name === 'id' || generated.has(name))) return []
    const message = `The path ${JSON.stringify(path)} has no {id}, so that this step cannot find its flow; add {id} or "id_from", e.g. id_from: query.id.`
    return [{ code: 'flow-not-found', message, path: ['endpoints', index, 'path'] }]
  })
}

function checkKeptBodies(endpoints: readonly AsyncEndpoint[]): Problem[] {
  const kept = endpoints.flatMap(({ capture = {} }) =>
    Object.entries(capture).flatMap(([name, source]) => (source === 'body' ? [`flow.${name}`] : [])),
  )
  return endpoints.flatMap(({ response }, index): Problem[] => {
    const { body_from: source } = response
    if (source === undefined || kept.includes(source)) return []
    const hint =
      kept.length === 0 ? 'write e.g. capture: { file: body } where it comes' : `it may be ${kept.join(', ')}`
    const message = `"${source}" is no body that was captured; ${hint}.`
    return [{ code: 'unknown-name', message, path: ['endpoints', index, 'response', 'body_from'], found: source }]
  })
}
