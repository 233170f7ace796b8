/** The partner of the HTTP suite: the seed flow, steps that find their flow by the body, and fixed answers. */
export const partner = `partner: acme
datapoints:
  - name: data-sync
    pattern: async
    endpoints:
      - { step: 1, method: POST, path: /external/jobs, response: { status: 202, generates_id: true, id_header: Location, id_header_value: "/external/jobs/{id}" } }
      - { step: 2, method: HEAD, path: "/external/jobs/{id}", response: { status: 201, headers: { Status: COMPLETED } } }
      - { step: 3, method: GET, path: "/external/jobs/{id}", response: { returns_payload: true } }
  - name: by-body
    pattern: async
    endpoints:
      - { step: 1, method: POST, path: /by-body, response: { status: 202, generates_id: true, id_body_field: id } }
      - { step: 2, method: POST, path: /by-body/status, id_from: body.job_id, response: { status: 200, body: { job: "{id}" } } }
  - name: bill
    pattern: fetch
    endpoints: [{ method: GET, path: /bill }]
  - name: cookies
    pattern: static
    endpoints: [{ method: GET, path: /cookies, response: { headers: { Set-Cookie: [a=1, b=2], X-Odd: "a  b" }, body: { n: 1 } } }]
  - name: sink
    pattern: static
    endpoints: [{ method: POST, path: /sink, response: { body: { ok: true } } }]
`
