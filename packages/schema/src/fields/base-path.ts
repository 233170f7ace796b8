import { path } from './path.ts'

/** `base_path` of a partner or a datapoint. */
export const basePath = path.optional().describe('What stands before the path of every endpoint below.')
