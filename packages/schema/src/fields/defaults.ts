import { mapping } from '../language-mapping.ts'
import { sharedFields } from './endpoint.ts'
import { headers } from './headers.ts'
import { methods } from './method.ts'
import { path } from './path.ts'
import { contentType } from './response.ts'

/** `defaults` of a partner or a datapoint. */
export const defaults = mapping(
  { method: methods.optional(), path: path.optional(), headers, content_type: contentType, ...sharedFields },
  'a mapping of endpoint keys',
)
  .optional()
  .describe("Keys for every endpoint below; its `headers` are on every answer, also imnot's own refusals.")
