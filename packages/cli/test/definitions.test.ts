import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { definitionJsonSchema, languageReference } from '@imnot/schema'
import { expect, test } from 'vitest'
import { emptyFolder, newProject, write } from './support/folder.ts'
import { run } from './support/run.ts'

const yaml = `partner: acme
datapoints:
  - name: ping
    pattern: static
    endpoints:
      - method: GET
        path: /ping
`
const answer = `Sure! Here it is:\n\n\`\`\`yaml\n${yaml}\`\`\`\n\nEnjoy!\n`

const files = [
  'imnot.yaml',
  'partners/bookingco/partner.yaml',
  'partners/bookingco/payloads/charges.json',
  'partners/staylink/partner.yaml',
  'partners/staylink/payloads/reservation.json',
]

test('init writes two partners with payloads and imnot.yaml, and they are valid', async () => {
  const folder = emptyFolder()
  const result = await run(folder, ['init', '--json'])
  expect(result).toMatchObject({ code: 0, json: { status: 'ok', directory: folder, files } })
  expect(await run(folder, ['validate'])).toMatchObject({ code: 0, out: '2 definitions are valid.\n', err: '' })
})

test('init overwrites nothing, and writes nothing where one place is taken', async () => {
  const folder = emptyFolder()
  await write(folder, 'partners/staylink/mine.txt', 'mine')
  const result = await run(folder, ['init'])
  expect(result.code).toBe(1)
  expect(result.err).toContain('partners/staylink is there already')
  expect(await readdir(folder)).toEqual(['partners'])
  expect(await run(folder, ['init', '--dir', 'mocks'])).toMatchObject({
    code: 0,
    out: expect.stringContaining('Next: cd mocks && imnot start'),
  })
})

test('routes lists the routes of the files and of the admin API without a server', async () => {
  const folder = await newProject()
  const { code, out } = await run(folder, ['routes'])
  expect(code).toBe(0)
  expect(out).toMatch(/^HEAD +\/staylink\/reservations\/\{id\} +staylink\/reservation +async, step 2$/m)
  expect(out).toMatch(/^POST +\/imnot\/admin\/sessions /m)
  const { json } = await run(folder, ['routes', '--json'])
  expect(json).toMatchObject({
    consumer: expect.arrayContaining([
      {
        method: 'GET',
        path: '/bookingco/v1/charges',
        partner: 'bookingco',
        datapoint: 'charges',
        pattern: 'fetch',
        step: null,
        payload: '/imnot/admin/bookingco/charges/payload',
      },
    ]),
    admin: expect.arrayContaining([{ method: 'GET', path: '/healthz', summary: expect.any(String) }]),
  })
})

test('routes names the faults of a file and lists the others', async () => {
  const folder = await newProject()
  await write(folder, 'partners/bad/partner.yaml', 'partner: bad\ndatapoint: []\n')
  const { code, out, err } = await run(folder, ['routes'])
  expect(code).toBe(0)
  expect(err).toContain('partners/bad/partner.yaml:2:1 ')
  expect(out).toContain('/bookingco/v1/charges')
})

test('validate names every fault of every file with line and column, and exits with 1', async () => {
  const folder = await newProject()
  await write(
    folder,
    'partners/bad/partner.yaml',
    yaml.replace('acme', 'bad').replace('GET', 'GTE').replace('path', 'pth'),
  )
  await write(
    folder,
    'partners/twin/partner.yaml',
    'partner: twin\ndatapoints:\n  - { name: x, pattern: fetch, endpoints: [{ method: GET, path: /bookingco/v1/charges }] }\n',
  )
  const result = await run(folder, ['validate'])
  expect(result.code).toBe(1)
  expect(result.out).toMatch(
    /^partners\/bad\/partner\.yaml:6:17 .*GTE.*\npartners\/bad\/partner\.yaml:7:9 Unknown key "pth"/m,
  )
  expect(result.out).toMatch(/^partners\/twin\/partner\.yaml:3:\d+ .*bookingco/m)
  expect(result.err).toMatch(/^\d faults in 2 files\.\n$/)
  const { json } = await run(folder, ['validate', 'partners/bad', '--json'])
  expect(json).toMatchObject({
    status: 'error',
    files: [],
    diagnostics: expect.arrayContaining([
      expect.objectContaining({ file: 'partners/bad/partner.yaml', line: 7, column: 9, suggestion: 'path' }),
    ]),
  })
})

test('validate takes files, folders of one partner and folders of partners', async () => {
  const folder = await newProject()
  for (const path of ['partners/staylink', 'partners/staylink/partner.yaml']) {
    expect((await run(folder, ['validate', path, '--json'])).json).toEqual({
      status: 'ok',
      files: ['partners/staylink/partner.yaml'],
      diagnostics: [],
    })
  }
  const empty = await run(emptyFolder(), ['validate', '.'])
  expect(empty).toMatchObject({ code: 1, err: expect.stringContaining('No definition found in .;') })
})

test.each([
  { shape: 'plain YAML', input: yaml },
  { shape: 'a chat answer with a fence and prose', input: answer },
  { shape: 'an answer with CRLF', input: answer.replaceAll('\n', '\r\n') },
  { shape: 'an answer with a BOM', input: `\uFEFF${answer}` },
  { shape: 'YAML with BOM and CRLF', input: `\uFEFF${yaml.replaceAll('\n', '\r\n')}` },
])('generate writes the same file for $shape', async ({ input }) => {
  const folder = await newProject()
  const result = await run(folder, ['generate'], { input })
  expect(result).toMatchObject({ code: 0, err: '' })
  expect(result.out).toBe('Written: partners/acme/partner.yaml\n\n  GET  /ping  ping  static\n')
  expect(await readFile(join(folder, 'partners/acme/partner.yaml'), 'utf8')).toBe(yaml)
  expect((await readdir(join(folder, 'partners/acme'))).length).toBe(1)
})

test('generate --dry-run checks and writes nothing', async () => {
  const folder = await newProject()
  const result = await run(folder, ['generate', '--dry-run', '--json'], { input: answer })
  expect(result).toMatchObject({
    code: 0,
    json: {
      status: 'ok',
      partner: 'acme',
      datapoints: [
        { name: 'ping', pattern: 'static', endpoints: [{ method: 'GET', path: '/ping' }], admin_routes: false },
      ],
      file: join(folder, 'partners/acme/partner.yaml'),
      created: false,
      dry_run: true,
    },
  })
  expect(await readdir(join(folder, 'partners'))).toEqual(['bookingco', 'staylink'])
})

test('generate overwrites a partner of the same name only with --force', async () => {
  const folder = await newProject()
  await write(folder, 'answer.txt', answer)
  await run(folder, ['generate', '--file', 'answer.txt'])
  const refused = await run(folder, ['generate'], { input: yaml.replace('/ping', '/pong') })
  expect(refused).toMatchObject({ code: 1, err: expect.stringContaining('overwrite it with --force') })
  expect(await readFile(join(folder, 'partners/acme/partner.yaml'), 'utf8')).toBe(yaml)
  const forced = await run(folder, ['generate', '--force', '--json'], { input: yaml.replace('/ping', '/pong') })
  expect(forced).toMatchObject({ code: 0, json: { created: false } })
  expect(await readFile(join(folder, 'partners/acme/partner.yaml'), 'utf8')).toContain('/pong')
})

test('generate refuses faults, routes of other partners and names that another file has', async () => {
  const folder = await newProject()
  const faulty = await run(folder, ['generate'], { input: yaml.replace('method', 'metod') })
  expect(faulty.code).toBe(1)
  expect(faulty.err).toMatch(
    /^pasted\.yaml:6:9 Unknown key "metod".*\n {8}- metod: GET\n {10}\^\n(.*\n)*Nothing was written: \d faults?\.\n$/,
  )
  const taken = await run(folder, ['generate', '--json'], { input: yaml.replace('/ping', '/bookingco/v1/charges') })
  expect(taken).toMatchObject({ code: 1, json: { diagnostics: [{ line: 7, column: 15 }] } })
  await write(folder, 'partners/elsewhere/partner.yaml', yaml)
  const namesake = await run(folder, ['generate', '--force'], { input: yaml })
  expect(namesake).toMatchObject({ code: 1, err: expect.stringContaining('partners/elsewhere/partner.yaml already') })
  expect((await readdir(join(folder, 'partners'))).includes('acme')).toBe(false)
})

test.each([
  { what: 'nothing', input: '', says: 'found an empty file' },
  { what: 'prose', input: 'I cannot do that.', says: 'must be a mapping that begins with "partner: NAME"' },
  { what: 'UTF-16', input: Buffer.from(`\uFEFF${yaml}`, 'utf16le'), says: 'must be text in UTF-8' },
])('generate from $what says what a definition is', async ({ input, says }) => {
  expect(await run(await newProject(), ['generate'], { input })).toMatchObject({
    code: 1,
    err: expect.stringContaining(says),
  })
})

test('a definition that the prompt shows passes generate', async () => {
  const folder = emptyFolder()
  const { out } = await run(folder, ['prompt'])
  expect(out).toContain(languageReference.trimEnd())
  expect(await run(folder, ['prompt', 'describe'])).toMatchObject({ code: 0, out })
  expect((await run(folder, ['prompt', '--json'])).json).toEqual({ prompt: out.trimEnd() })
  const first = /```yaml\n(partner:[\s\S]*?)```/.exec(out)?.[1]
  expect(await run(folder, ['generate'], { input: first ?? '' })).toMatchObject({ code: 0 })
})

test('prompt openapi holds the whole document', async () => {
  const folder = emptyFolder()
  await write(folder, 'api.json', '{"openapi":"3.1.0","paths":{"/ping":{}}}')
  const { code, out } = await run(folder, ['prompt', 'openapi', 'api.json'])
  expect(code).toBe(0)
  expect(out).toContain('{"openapi":"3.1.0","paths":{"/ping":{}}}')
  expect(await run(folder, ['prompt', 'openapi', 'no.json'])).toMatchObject({
    code: 1,
    err: expect.stringContaining('The OpenAPI document cannot be read'),
  })
})

test('schema prints the JSON Schema of definitions', async () => {
  expect((await run(emptyFolder(), ['schema'])).json).toEqual(JSON.parse(JSON.stringify(definitionJsonSchema())))
})

test('validate tells what the schema lets through and no server could serve, at its place', async () => {
  const folder = emptyFolder()
  const answering = (response: string) => `${yaml}        response: ${response}\n`
  await write(folder, 'partners/acme/partner.yaml', answering('{ body_file: payloads/none.json }'))
  await write(
    folder,
    'partners/beta/partner.yaml',
    `${yaml.replace('acme', 'beta').replace('/ping', '/pong')}        when: { query: { q: { matches: "(?=x)" } } }\n`,
  )
  const { code, out } = await run(folder, ['validate'])
  expect(code).toBe(1)
  expect(out).toMatch(/^partners\/acme\/partner\.yaml:8:32 The file "payloads\/none\.json" cannot be read: /m)
  expect(out).toMatch(/^partners\/beta\/partner\.yaml:8:\d+ The pattern "\(\?=x\)" cannot be used/m)
})

test('a pattern of one’s own is known to every command that reads definitions', async () => {
  const folder = emptyFolder()
  const pattern = fileURLToPath(new URL('../../../examples/custom-pattern/src/queue-pattern.ts', import.meta.url))
  const partner = new URL('../../../examples/custom-pattern/partners/orders/partner.yaml', import.meta.url)
  await write(folder, 'partners/orders/partner.yaml', await readFile(partner))
  expect((await run(folder, ['validate'])).out).toContain('"pattern" must be one of static')
  const own = ['--pattern', pattern]
  expect(await run(folder, ['validate', ...own])).toMatchObject({ code: 0, out: '1 definition is valid.\n' })
  expect((await run(folder, ['routes', ...own])).out).toMatch(/POST {2}\/messages\/next +orders\/inbox +queue\n/)
  expect((await run(folder, ['schema', ...own])).out).toContain('"does"')
  expect((await run(folder, ['export', 'postman', ...own])).out).toContain('/messages/next')
  const faulty = yaml.replace('static', 'queue')
  const generated = await run(folder, ['generate', ...own], { input: faulty })
  expect(generated.err).toContain('"does"')
  await write(folder, 'imnot.yaml', `patterns: [${JSON.stringify(pattern)}]`)
  expect((await run(folder, ['validate'])).code).toBe(0)
  const missing = await run(folder, ['validate', '--pattern', './none.js'])
  expect(missing).toMatchObject({ code: 78, err: expect.stringContaining('none.js cannot be loaded') })
})
