import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { createImnot, serve } from '@imnot/node'
import { parseDefinition } from '@imnot/schema'
import { expect, onTestFinished, test } from 'vitest'
import { tryIt } from '../src/try-it/try-it.ts'
import { startBin } from './support/bin.ts'
import { emptyFolder, newProject, write } from './support/folder.ts'

const bash = (script: string, env: Readonly<Record<string, string>> = {}) =>
  promisify(execFile)('bash', ['-c', script], { env: { PATH: process.env.PATH ?? '', ...env } })

const hasShell = await bash('command -v curl sed').then(
  () => true,
  () => process.env.CI === 'true',
)
const uploaded = '[{"hello":"world"}]'
const key = 'k'.repeat(32)

test.skipIf(!hasShell)('the three lines that start prints give back the uploaded bytes', async () => {
  const { announced } = await startBin(await newProject())
  expect(announced.try).toHaveLength(3)
  const { stdout } = await bash(announced.try.join('\n'))
  expect(stdout).toContain('HTTP/1.1 201 Created')
  expect(stdout).toMatch(/^[0-9a-f-]{36}$/m)
  expect(stdout.endsWith(`\r\n\r\n${uploaded}\n`)).toBe(true)
})

test.skipIf(!hasShell)('with an admin key the lines take it from the environment and do not hold it', async () => {
  const env = { IMNOT_ADMIN_KEY: key }
  const { announced, out, err } = await startBin(await newProject(), [], { env })
  expect(out() + err()).not.toContain(key)
  expect((await bash(announced.try.join('\n'), env)).stdout.endsWith(`${uploaded}\n`)).toBe(true)
})

const shapes = [
  {
    what: 'an id in a nested field of the answer, taken from the query',
    ends: uploaded,
    datapoints: `
  - name: d
    pattern: async
    endpoints:
      - { step: 1, method: POST, path: /d, response: { generates_id: true, id_body_field: job.ref } }
      - { step: 2, method: GET, path: /d/result, id_from: query.ref, response: { returns_payload: true } }`,
  },
  {
    what: 'an id in a header with text around it, taken from a header',
    ends: uploaded,
    datapoints: `
  - name: d
    pattern: async
    endpoints:
      - step: 1
        method: PUT
        path: /d
        response: { generates_id: true, id_header: X-Job, id_header_value: "job=[{id}].* by {{ request.method }}" }
      - { step: 2, method: GET, path: /d/state, id_from: headers.X-Job-Id, optional: true }
      - { step: 3, method: GET, path: /d/result, id_from: headers.X-Job-Id, response: { returns_payload: true } }`,
  },
  {
    what: 'an id taken from the body, and a parameter of another name',
    ends: uploaded,
    datapoints: `
  - name: d
    pattern: async
    endpoints:
      - { step: 1, method: POST, path: /d, response: { generates_id: true, id_body_field: ref } }
      - { step: 2, method: POST, path: /d/check, id_from: body.job.ref }
      - { step: 3, method: GET, path: "/d/{job}/result", id_from: params.job, response: { returns_payload: true } }`,
  },
  {
    what: 'a payload behind a path with parameters and braces',
    ends: uploaded,
    datapoints: `
  - { name: d, pattern: fetch, endpoints: [{ method: GET, path: "/d/\\\\{x\\\\}/{a}-{b}/{rest*}" }] }`,
  },
  {
    what: 'pages',
    ends: '{"items":[{"hello":"world"}]}',
    datapoints: `
  - name: d
    pattern: paginated
    endpoints: [{ method: GET, path: /d }]
    pagination: { style: offset_limit, items_field: items }`,
  },
  {
    what: 'an answer of the definition',
    ends: "it's fixed",
    datapoints: `
  - { name: d, pattern: static, endpoints: [{ method: GET, path: "/it's", response: { body: "it's fixed" } }] }`,
  },
]

test.skipIf(!hasShell).each(shapes)('the lines for $what work when pasted', async ({ datapoints, ends }) => {
  const text = `partner: p\ndatapoints:${datapoints}\n`
  const parsed = parseDefinition(text)
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.diagnostics))
  const folder = emptyFolder()
  await write(folder, 'p/partner.yaml', text)
  const imnot = await createImnot({ partners: join(folder) })
  const { url, close } = await serve(imnot, { port: 0 })
  onTestFinished(() => close({ graceMs: 100 }))
  const lines = tryIt([parsed.parsed.definition], { url, needsKey: false })
  const { stdout } = await bash(lines.join('\n'))
  expect(stdout.trimEnd().endsWith(ends), `${lines.join('\n')}\n${stdout}`).toBe(true)
})

test('there is no line where nothing is served', () => {
  expect(tryIt([], { url: 'http://127.0.0.1:8000', needsKey: false })).toEqual([])
})
