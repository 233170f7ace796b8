import { valueSource } from './value-source.ts'

/** `id_from`: where a request names its flow, when that is not the path parameter `{id}`. */
export const idSource = valueSource.optional().meta({
  description:
    'Where the request names its flow, when its path has no {id}: `params.NAME`, `query.NAME`, `headers.NAME`, `body.PATH`, a JSONPath, an XPath, or a template of the request.',
  examples: [
    'query.jobId',
    'headers.X-Job-Id',
    'body.job.id',
    '$.jobs[0].id',
    '//JobId',
    '{{ request.query.urn | split: ":" | last }}',
  ],
})
