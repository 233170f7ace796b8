import type { AsyncDatapoint } from '@imnot/schema'
import { compileLaterStep } from '../flows/later-step.ts'
import { compileStart } from '../flows/start-step.ts'
import { behaviourOf } from './pattern.ts'

/** A flow of steps that a generated id holds together. */
export const asyncBehaviour = behaviourOf<AsyncDatapoint>(
  'async',
  (context) => (context.endpoint.response.generates_id ? compileStart(context) : compileLaterStep(context)),
  { ownsEffects: true },
)
