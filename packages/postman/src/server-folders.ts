import type { PostmanFolder } from './collection.ts'
import type { RequestPlan } from './requests/plan.ts'
import { type ServerVariables, toItem } from './requests/to-item.ts'
import type { Variable } from './variables/variable.ts'

/** Opens a session, so that what the other requests do disturbs nobody. */
export function beginFolder(server: ServerVariables, session: Variable): PostmanFolder {
  return folder('Begin: a session of your own', server, [
    { name: 'Health', method: 'GET', path: '/healthz', answer: { status: 200, body: { status: 'ok' } } },
    admin('Partners', 'GET', '/imnot/admin/partners', { status: 200, body: [] }),
    {
      ...admin('Open a session', 'POST', '/imnot/admin/sessions', {
        status: 201,
        body: { session_id: exampleId, base_url: `/imnot/s/${exampleId}`, token: 'example' },
      }),
      description: 'From here on every request belongs to this session, until the last folder ends it.',
      body: { json: { ttl: '1d' } },
      captures: [{ variable: session, from: { json: ['session_id'] } }],
    },
  ])
}

/** Shows what the session holds, and deletes it. */
export function endFolder(server: ServerVariables, session: Variable): PostmanFolder {
  const inSession = { query: [['session', session]] } satisfies Partial<RequestPlan>
  return folder('End: look back, and delete the session', server, [
    { ...admin('Flows of the session', 'GET', '/imnot/admin/flows', { status: 200, body: [] }), ...inSession },
    { ...admin('Callbacks of the session', 'GET', '/imnot/admin/deliveries', { status: 200, body: [] }), ...inSession },
    {
      ...admin('Delete the session', 'DELETE', '/imnot/admin/sessions/{session_id}', {
        status: 200,
        body: { status: 'ok', session_id: exampleId },
      }),
      params: { session_id: session },
      forgets: [session],
    },
  ])
}

const exampleId = '5d0c6c1e-0b39-4f07-8f0a-1d5e5d3c9b20'

function admin(name: string, method: string, path: string, answer: RequestPlan['answer']): RequestPlan {
  return { name, method, path, answer, isAdmin: true }
}

function folder(name: string, server: ServerVariables, plans: readonly RequestPlan[]): PostmanFolder {
  return { name, item: plans.map((plan) => toItem(plan, server)) }
}
