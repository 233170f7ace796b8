import * as z from 'zod'

/** `when`, of whatever shape: `checkTemplates` tells its faults, since what it may name depends on what is around it. */
export const condition = z
  .unknown()
  .optional()
  .meta({
    description:
      'A condition: what the request (method, path, params, query, headers, body, text), flow, record, token or session must be.',
    examples: [{ query: { status: 'OPEN' } }, { body: { '$.guest.email': { exists: true } } }],
  })
