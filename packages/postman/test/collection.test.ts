import { parseDefinition } from '@imnot/schema'
import { Collection } from 'postman-collection'
import { describe, expect, test } from 'vitest'
import type { PostmanFolder, PostmanItem } from '../src/collection.ts'
import { toCollection } from '../src/to-collection.ts'

function definitionOf(yaml: string) {
  const result = parseDefinition(yaml)
  if (!result.ok) throw new Error(JSON.stringify(result.diagnostics))
  return result.parsed.definition
}

function itemsOf(folder: Pick<PostmanFolder, 'item'>): PostmanItem[] {
  return folder.item.flatMap((entry) => ('item' in entry ? itemsOf(entry) : [entry]))
}

function itemsFor(yaml: string): PostmanItem[] {
  return itemsOf(toCollection([definitionOf(yaml)])).filter(({ request }) => request.auth === undefined)
}

const jobs = `
partner: acme
description: "Acme's \\"system\\"\\n{{base_url}}"
datapoints:
  - name: jobs
    pattern: async
    description: Jobs
    endpoints:
      - { step: 1, method: POST, path: /jobs, response: { generates_id: true, id_header: Location, id_header_value: "/jobs/{id}" } }
      - { step: 2, method: [GET, HEAD], path: "/jobs/{id}/status", response: { body: { state: DONE } } }
      - { step: 3, method: GET, path: "/jobs/{id}", response: { returns_payload: true } }
`

describe('a collection', () => {
  const collection = toCollection([definitionOf(jobs)], { baseUrl: 'http://mock.test', name: 'mine' })

  test('has a folder for each partner and in it one for each datapoint', () => {
    const partner = collection.item.find(({ name }) => name === 'acme')
    expect(partner?.description).toBe('Acme\'s "system"\n{{base_url}}')
    expect(partner?.item.map(({ name }) => name)).toEqual(['jobs'])
  })

  test('declares what a person sets and what the requests keep', () => {
    const values = Object.fromEntries(collection.variable.map(({ key, value }) => [key, value]))
    expect(values).toEqual({ base_url: 'http://mock.test', admin_key: '', session_id: '', 'acme.jobs.id': '' })
  })

  test('is understood by the Postman library as it is', () => {
    const read = new Collection(JSON.parse(JSON.stringify(collection)))
    expect(read.name).toBe('mine')
    const names: string[] = []
    read.forEachItem((item) => void names.push(`${item.request.method} ${item.request.url.toString()}`))
    expect(names).toEqual([
      'GET {{base_url}}/healthz',
      'GET {{base_url}}/imnot/admin/partners',
      'POST {{base_url}}/imnot/admin/sessions',
      'POST {{base_url}}/imnot/admin/acme/jobs/payload',
      'GET {{base_url}}/imnot/admin/acme/jobs/payload',
      'POST {{base_url}}/jobs',
      'GET {{base_url}}/jobs/{{acme.jobs.id}}/status',
      'HEAD {{base_url}}/jobs/{{acme.jobs.id}}/status',
      'GET {{base_url}}/jobs/{{acme.jobs.id}}',
      'GET {{base_url}}/imnot/admin/flows?session={{session_id}}',
      'GET {{base_url}}/imnot/admin/deliveries?session={{session_id}}',
      'DELETE {{base_url}}/imnot/admin/sessions/{{session_id}}',
    ])
  })

  test('saves an answer beside each request', () => {
    const [start, status, head, fetch] = itemsFor(jobs).slice(1)
    expect(start?.response[0]).toMatchObject({
      code: 202,
      header: [{ key: 'Location', value: expect.stringMatching(/^\/jobs\/[0-9a-f-]{36}$/) }],
    })
    expect(status?.response[0]).toMatchObject({ body: '{\n  "state": "DONE"\n}', _postman_previewlanguage: 'json' })
    expect(head?.response[0]).toMatchObject({ code: 200, body: '' })
    expect(fetch?.response[0]?.body).toBe('{\n  "hello": "world"\n}')
  })

  test('sends the admin key with what needs it, and with nothing else', () => {
    for (const { request } of itemsOf(collection)) {
      const isAdmin = request.url.raw.startsWith('{{base_url}}/imnot/admin')
      expect([request.url.raw, request.auth?.type]).toEqual([request.url.raw, isAdmin ? 'bearer' : undefined])
    }
  })
})

describe('text of a definition', () => {
  test.each<[source: string, path: string, expected: { url?: string; header?: object; body?: string }]>([
    ['params.job', '/x/{job}', { url: '{{base_url}}/x/{{acme.jobs.id}}' }],
    ['query.{{base_url}}', '/x', { url: '{{base_url}}/x?%7B%7Bbase_url%7D%7D={{acme.jobs.id}}' }],
    ['headers.X-Job', '/x', { header: { key: 'X-Job', value: '{{acme.jobs.id}}' } }],
    ['body.a.{b}', '/x', { body: '{\n  "a": {\n    "{b}": "{{acme.jobs.id}}"\n  }\n}' }],
  ])('that says where the id is (%s) stays data', (source, path, { url, header, body }) => {
    const yaml = `
partner: acme
datapoints:
  - name: jobs
    pattern: async
    endpoints:
      - { step: 1, method: POST, path: /jobs, response: { generates_id: true, id_body_field: job.id } }
      - { step: 2, method: POST, path: ${JSON.stringify(path)}, id_from: ${JSON.stringify(source)} }
`
    const request = itemsFor(yaml).at(-1)?.request
    if (url !== undefined) expect(request?.url.raw).toBe(url)
    if (header !== undefined) expect(request?.header).toContainEqual(header)
    if (body !== undefined) expect(request?.body).toMatchObject({ raw: body })
  })

  test('in a path is encoded where it is no character of a path, and no variable', () => {
    const yaml = `
partner: acme
datapoints:
  - name: odd
    pattern: static
    endpoints:
      - { method: GET, path: '/\\{\\{base_url\\}\\}/"quoted"/ü/%20/a%2Fb/{name}:cancel' }
`
    const { request } = itemsFor(yaml)[1] as PostmanItem
    expect(request.url.path).toEqual([
      '%7B%7Bbase_url%7D%7D',
      '%22quoted%22',
      '%C3%BC',
      '%20',
      'a%2Fb',
      '{{acme.odd.name}}:cancel',
    ])
  })

  test('in a script is a string and nothing else, also with quotes, line ends and backslashes', () => {
    const hostile = 'a"b\\`$\'); throw 1; //{{base_url}}'
    const yaml = `
partner: acme
datapoints:
  - name: hook
    pattern: callback
    endpoints:
      - { method: POST, path: /hook, response: { callback_url_field: ${JSON.stringify(hostile.replace(/\s/g, '_'))} } }
  - name: jobs
    pattern: async
    endpoints:
      - { step: 1, method: POST, path: /jobs, response: { generates_id: true, id_body_field: ${JSON.stringify(hostile.replace(/[\s.]/g, '_'))} } }
      - { step: 2, method: GET, path: "/jobs/{id}" }
`
    const items = itemsOf(toCollection([definitionOf(yaml)]))
    for (const { event } of items) {
      for (const { script } of event) {
        expect(script.exec.every((line) => !line.includes('\n'))).toBe(true)
        // Compiles, and so no text of the definition has left its string.
        expect(() => new Function('pm', script.exec.join('\n'))).not.toThrow()
      }
    }
  })
})

test('a variable that a definition names like ours is text in a JSON body', () => {
  const yaml = `
partner: acme
datapoints:
  - name: hook
    pattern: callback
    endpoints: [ { method: POST, path: /hook, response: { callback_url_field: "{{{admin_key}}}" } } ]
`
  const body = itemsFor(yaml).find(({ request }) => request.url.raw.endsWith('/hook'))?.request.body
  expect(body).toMatchObject({ raw: '{\n  "{\\u007b{admin_key}}}": "{{callback_url}}"\n}' })
})

test('tokens are asked for by a grant and as a client that the definition declares, and shown to what asks for them', () => {
  const items = itemsOf(
    toCollection([
      definitionOf(`
partner: id
datapoints:
  - name: login
    pattern: oauth
    clients: [{ id: app, secret: s3cret, redirect_uris: ["https://app.test/cb"], scopes: [read] }]
    endpoints:
      - { operation: authorize, method: GET, path: /authorize }
      - { operation: userinfo, method: GET, path: /userinfo }
      - { operation: revoke, method: POST, path: /revoke }
      - { grant: [authorization_code, client_credentials], method: POST, path: /token }
`),
    ]),
  )
  const find = (path: string) => items.find(({ request }) => request.url.raw.startsWith(`{{base_url}}${path}`))
  expect(find('/authorize')).toMatchObject({ protocolProfileBehavior: { followRedirects: false } })
  expect(find('/authorize')?.request.url.raw).toContain(
    'client_id=app&redirect_uri=https%3A%2F%2Fapp.test%2Fcb&scope=read',
  )
  expect(find('/userinfo')?.request.auth).toMatchObject({ bearer: [{ value: '{{id.login.access_token}}' }] })
  const form = (path: string) => {
    const body = find(path)?.request.body
    return body?.mode === 'urlencoded' ? Object.fromEntries(body.urlencoded.map(({ key, value }) => [key, value])) : {}
  }
  expect(form('/token')).toEqual({ grant_type: 'client_credentials', client_id: 'app', client_secret: 's3cret' })
  expect(form('/revoke')).toEqual({ token: '{{id.login.access_token}}', client_id: 'app', client_secret: 's3cret' })
})
