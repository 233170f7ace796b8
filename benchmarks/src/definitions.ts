/** The partner that is measured: a fixed answer, a stored payload, and a flow. */
export const measured = `partner: acme
datapoints:
  - name: hello
    pattern: static
    endpoints: [{ method: GET, path: /hello, response: { body: { status: ok, items: [1, 2, 3] } } }]
  - name: bill
    pattern: fetch
    endpoints: [{ method: GET, path: /bill }]
  - name: jobs
    pattern: async
    endpoints:
      - { step: 1, method: POST, path: /external/jobs, response: { generates_id: true, id_header: Location, id_header_value: "/external/jobs/{id}" } }
      - { step: 2, method: HEAD, path: "/external/jobs/{id}", response: { status: 201 } }
      - { step: 3, method: GET, path: "/external/jobs/{id}", response: { returns_payload: true } }
`

/** So many further routes, of ten to each partner, with parameters in the middle as real ones have. */
export function crowd(routes: number): string[] {
  return Array.from({ length: Math.ceil(routes / 10) }, (_, partner) => {
    const endpoints = Array.from(
      { length: 10 },
      (_, route) =>
        `      - { method: GET, path: "/p${partner}/{hotel}/r${route}/{id}", response: { body: { n: ${route} } } }`,
    )
    return `partner: p${partner}\ndatapoints:\n  - name: many\n    pattern: static\n    endpoints:\n${endpoints.join('\n')}\n`
  })
}

/** A payload of 1 KiB. */
export const payload = JSON.stringify({ reservation: 'x'.repeat(1024 - 18) })
