/** What `GET /imnot/docs` says. */
export const guide = `# imnot

This server mocks partner APIs. Each partner is described by one YAML file; requests to a partner's paths are answered as the
file says, and uploaded payloads come back byte for byte.

## Reproduce a ticket

1. Upload the payload that broke the integration:

       curl -X POST --data-binary @payload.json -H 'Content-Type: application/json' \\
         http://127.0.0.1:8000/imnot/admin/PARTNER/DATAPOINT/payload

2. Point the system under test at this server instead of the partner.
3. Let it run: it gets exactly these bytes, through the partner's whole sequence of calls.

## Work beside others

POST /imnot/admin/sessions makes a session: a world of your own, with its own payloads and flows. Send its id in the header
X-Imnot-Session, or use its base URL /imnot/s/SESSION_ID instead of the server's. A flow that was started in a session stays
in it, also where later requests carry nothing but its id. DELETE /imnot/admin/sessions/SESSION_ID removes all of it.

## More

- GET /imnot/docs/partners: the language of partner definitions
- GET /imnot/admin/openapi.json: every address of the admin API
- GET /imnot/admin/partners: what is mocked here
- GET /healthz, GET /readyz: is it alive, is it ready

With an admin key, send it as Authorization: Bearer KEY to everything under /imnot/admin.
`
