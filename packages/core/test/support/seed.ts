/** The first example of the language reference. */
export const seed = `partner: acme
description: Acme property management system
datapoints:
  - name: data-sync
    pattern: async
    endpoints:
      - step: 1
        method: POST
        path: /external/jobs
        response:
          status: 202
          generates_id: true
          id_header: Location
          id_header_value: /external/jobs/{id}
      - step: 2
        method: HEAD
        path: /external/jobs/{id}
        response:
          status: 201
          headers:
            Status: COMPLETED
      - step: 3
        method: GET
        path: /external/jobs/{id}
        response:
          status: 200
          returns_payload: true
`
