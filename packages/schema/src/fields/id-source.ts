import { text } from './leaf.ts'

const rule = 'params.NAME, query.NAME, headers.NAME or body.PATH'

/** `id_from`: where a request names its flow, when that is not the path parameter `{id}`. */
export const idSource = text(
  rule,
  /^(params\.[A-Za-z_][A-Za-z0-9_]*|query\.[^\s]+|headers\.[!#$%&'*+.^_`|~0-9A-Za-z-]+|body(\.[^\s.]+)+)$/,
)
  .optional()
  .meta({
    description:
      'Where the request names its flow, when its path has no {id}: `params.NAME`, `query.NAME`, `headers.NAME`, `body.PATH`.',
    examples: ['query.jobId', 'headers.X-Job-Id', 'body.job.id'],
  })
