import * as z from 'zod'
import { bodyEvents } from './body-events.ts'
import { fileName } from './file-name.ts'
import { headers } from './headers.ts'
import { text, truth, wholeNumber } from './leaf.ts'

/** 1xx answers are interim: none of them can end a request. */
export const status = wholeNumber('a whole number from 200 to 599', { min: 200, max: 599 }).describe(
  'The HTTP status of the answer.',
)

const token = "[!#$%&'*+.^_`|~0-9A-Za-z-]+"
/** RFC 9110, 8.3.1. */
const mediaType = new RegExp(`^${token}/${token}([ \\t]*;[ \\t]*${token}=(${token}|"[ !#-\\[\\]-~]*"))*$`)

export const contentType = text('a media type such as application/json', mediaType)
  .optional()
  .describe('The media type of the body, sent as Content-Type.')

/** Keys of every response. */
export const responseFields = { headers, content_type: contentType }

/** Key of a response whose bytes come from elsewhere. */
export const spliceField = {
  splice: z
    .record(
      text('a JSON Pointer or an XPath that begins with a slash, such as /reservation/id', /^(\/.*)?$/),
      z.unknown(),
      { error: 'a mapping of JSON Pointers or XPaths to values' },
    )
    .optional()
    .describe('Values that are replaced in the bytes of the payload or the file; every other byte stays as it is.'),
}

/** Key of a response whose body is declared in the definition. */
export const bodyField = {
  body: z.unknown().optional().describe('The body: any value is sent as JSON, text is sent as it is.'),
  body_file: fileName.optional().describe('The body is this file, byte for byte; a path relative to the definition.'),
  ...spliceField,
  body_events: bodyEvents,
  template: truth().optional().describe('The text of body_file is rendered, as that of `body` would be.'),
}
