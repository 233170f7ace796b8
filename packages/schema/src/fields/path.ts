import { parsePath } from '../path-syntax.ts'
import { text } from './leaf.ts'

const ownPaths: readonly string[] = ['healthz', 'readyz', 'metrics']

/** `path` of an endpoint, kept as it was written. */
export const path = text('a path that begins with "/"')
  .superRefine((value, context) => {
    const parsed = parsePath(value)
    const problem = parsed.ok ? claimedPath(parsed.segments) : parsed.problem
    if (problem === undefined) return
    const message = `The path ${JSON.stringify(value.slice(0, 200))} ${problem}.`
    context.addIssue({ code: 'custom', message, params: { code: parsed.ok ? 'reserved-path' : 'bad-path' } })
  })
  .meta({
    description:
      'The path: `{name}` is a parameter, `{name*}` as last segment takes all that remains, `\\{` is a literal.',
    examples: ['/v1/orders', '/v1/orders/{id}', '/v1/orders/{id}:cancel'],
  })

function claimedPath(segments: readonly (readonly object[])[]): string | undefined {
  const first = segments[0]?.[0]
  if (segments[0]?.length !== 1 || !first || !('literal' in first)) return undefined
  const name = String(first.literal).toLowerCase()
  if (name === 'imnot') return 'lies under /imnot, where imnot serves its own API; choose another first segment'
  if (segments.length > 1 || !ownPaths.includes(name)) return undefined
  return `is one of imnot's own (/imnot, ${ownPaths.map((own) => `/${own}`).join(', ')}); choose another`
}
