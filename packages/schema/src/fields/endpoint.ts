import { methods } from './method.ts'
import { description } from './names.ts'
import { path } from './path.ts'

/** Keys of every endpoint; each pattern adds its `response`. */
export const endpointFields = { method: methods, path, description }
