import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { createImnot } from '../src/create-imnot.ts'

const definition = (response: string) => `partner: acme
datapoints:
  - name: bill
    pattern: static
    endpoints:
      - method: POST
        path: /bill
        response: ${response}
`

async function folderWith(files: Readonly<Record<string, string | Uint8Array>>): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'imnot-files-'))
  onTestFinished(() => rm(folder, { recursive: true, force: true }))
  for (const [path, content] of Object.entries(files)) await put(folder, path, content)
  return folder
}

async function put(folder: string, path: string, content: string | Uint8Array): Promise<void> {
  await mkdir(join(folder, path, '..'), { recursive: true })
  await writeFile(join(folder, path), content)
}

async function served(partners: string) {
  const imnot = await createImnot({ partners, background: false })
  onTestFinished(() => imnot.close())
  const bill = async (body = '{}') => {
    const response = await imnot.fetch('/bill', {
      method: 'POST',
      body,
      headers: { 'content-type': 'application/json' },
    })
    const bytes = Buffer.from(await response.arrayBuffer())
    return { status: response.status, type: response.headers.get('content-type'), bytes }
  }
  const faults = () => imnot.engine.definitions().failed.flatMap(({ diagnostics }) => diagnostics)
  return { imnot, bill, faults }
}

const hostile = Buffer.from('\uFEFF{"a": 1.10,\r\n"a": {{ not a template }} \u00ff\0', 'latin1')

describe('body_file', () => {
  test.each([
    ['invoice.pdf', 'application/pdf'],
    ['deep/in/here/a.json', 'application/json'],
    ['no-extension', 'application/octet-stream'],
  ])('%s is sent byte for byte, as %s', async (name, type) => {
    const folder = await folderWith({
      'acme/partner.yaml': definition(`{ body_file: ${name} }`),
      [`acme/${name}`]: hostile,
    })
    const { bill } = await served(folder)
    expect(await bill()).toEqual({ status: 200, type, bytes: hostile })
  })

  test('the declared media type is the one that is sent, and text tells its own', async () => {
    const folder = await folderWith({
      'acme/partner.yaml': definition('{ body_file: x, content_type: text/csv; charset=latin1 }').replace(
        'text/csv; charset=latin1',
        '"text/csv; charset=latin1"',
      ),
      'acme/x': hostile,
      'other/partner.yaml': definition('{ body_file: bill }').replaceAll('acme', 'other').replace('/bill', '/other'),
      'other/bill': '<?xml version="1.0"?><a/>',
    })
    const { bill, imnot } = await served(folder)
    expect((await bill()).type).toBe('text/csv; charset=latin1')
    expect((await imnot.fetch('/other', { method: 'POST' })).headers.get('content-type')).toBe('application/xml')
  })

  test('with "template: true" its text is rendered, and values are escaped in XML', async () => {
    const folder = await folderWith({
      'acme/partner.yaml': definition('{ body_file: bill.xml, template: true }'),
      'acme/bill.xml':
        '<?xml version="1.0"?>\n<bill>{% for item in request.body.items %}<i>{{ item }}</i>{% endfor %}</bill>\n',
    })
    const { bill } = await served(folder)
    const { type, bytes } = await bill('{"items":["a & b","c"]}')
    expect([type, bytes.toString()]).toEqual([
      'application/xml',
      '<?xml version="1.0"?>\n<bill><i>a &amp; b</i><i>c</i></bill>\n',
    ])
  })

  test('with "splice" the named values are replaced, and one that is not there is a fault at load', async () => {
    const spliced = (selector: string) =>
      definition(`{ body_file: bill.json, splice: { ${selector}: "{{ request.body.id }}" } }`)
    const folder = await folderWith({
      'acme/partner.yaml': spliced('/id'),
      'acme/bill.json': '{"id": 1, "total": 1.10}\r\n',
      'other/partner.yaml': spliced('/ids').replaceAll('acme', 'other').replace('/bill', '/other'),
      'other/bill.json': '{"id": 1}',
    })
    const { bill, faults } = await served(folder)
    expect((await bill('{"id":"A-7"}')).bytes.toString()).toBe('{"id": "A-7", "total": 1.10}\r\n')
    expect(faults()).toMatchObject([
      { line: 8, message: 'The file cannot be changed as "splice" says: the document has no value at "/ids".' },
    ])
  })

  test('a changed file is served after a reload, which tells it; a file that is gone leaves the last good one', async () => {
    const folder = await folderWith({
      'acme/partner.yaml': definition('{ body_file: bill.txt }'),
      'acme/bill.txt': 'one',
    })
    const { imnot, bill, faults } = await served(folder)
    await put(folder, 'acme/bill.txt', 'three')
    expect((await bill()).bytes.toString()).toBe('one')
    expect(await imnot.reload()).toMatchObject({ added: [], changed: ['acme'], removed: [], failed: [] })
    expect((await bill()).bytes.toString()).toBe('three')
    expect(await imnot.reload()).toMatchObject({ changed: [] })
    await rm(join(folder, 'acme/bill.txt'))
    expect((await imnot.reload()).failed).toMatchObject([{ partner: 'acme' }])
    expect((await bill()).bytes.toString()).toBe('three')
    expect(faults()[0]?.message).toContain('"bill.txt"')
    await put(folder, 'acme/bill.txt', 'four')
    expect(await imnot.reload()).toMatchObject({ changed: ['acme'], failed: [] })
    expect((await bill()).bytes.toString()).toBe('four')
  })

  test.each([
    ['a missing file', 'nothing.json', /there is no such file in the folder of the definition/],
    ['a folder', 'folder', /it is no regular file/],
    ['a link out of the folder', 'link.json', /it leads out of the folder of the definition, to .*secret\.json/],
    ['a linked folder', 'linked/secret.json', /it leads out of the folder/],
    ['more than 50 MiB', 'huge.bin', /larger than 50 MiB/],
    ['a template that is no text', 'latin1.json, template: true', /is no text in UTF-8/],
  ])('%s is a fault with its place, and the other partners are served', async (_what, name, message) => {
    const folder = await folderWith({
      'partners/acme/partner.yaml': definition(`{ body_file: ${name} }`),
      'partners/acme/folder/x': '',
      'partners/acme/latin1.json': Buffer.from('"\u00e9"', 'latin1'),
      'partners/acme/huge.bin': new Uint8Array(50 * 1_048_576 + 1),
      'outside/secret.json': '{"secret":true}',
      'partners/good/partner.yaml': definition('{ status: 201 }').replaceAll('acme', 'good').replace('/bill', '/good'),
    })
    await symlink(join(folder, 'outside/secret.json'), join(folder, 'partners/acme/link.json'))
    await symlink(join(folder, 'outside'), join(folder, 'partners/acme/linked'))
    const { imnot, bill, faults } = await served(join(folder, 'partners'))
    expect(faults()).toMatchObject([
      { code: 'cannot-compile', line: 8, column: 32, message: expect.stringMatching(message) },
    ])
    expect((await bill()).status).toBe(404)
    expect((await imnot.fetch('/good', { method: 'POST' })).status).toBe(201)
  })

  test('a link inside the folder, and a linked folder of a partner, are followed', async () => {
    const folder = await folderWith({
      'real/partner.yaml': definition('{ body_file: link.txt }'),
      'real/files/bill.txt': 'linked',
    })
    await symlink('files/bill.txt', join(folder, 'real/link.txt'))
    await mkdir(join(folder, 'partners'))
    await symlink(join(folder, 'real'), join(folder, 'partners/acme'))
    const { bill } = await served(join(folder, 'partners'))
    expect((await bill()).bytes.toString()).toBe('linked')
  })

  test('a definition that came over HTTP has no files, and is refused with the place', async () => {
    const { imnot } = await served(await folderWith({}))
    const response = await imnot.engine.admin({
      method: 'POST',
      url: '/imnot/admin/partners',
      headers: new Headers(),
      body: new Blob([definition('{ body_file: bill.txt }')]).stream() as unknown as AsyncIterable<Uint8Array>,
    })
    const { diagnostics } = JSON.parse(Buffer.from(response.body as Uint8Array).toString())
    expect(response.status).toBe(422)
    expect(JSON.stringify(diagnostics)).toMatch(/8:32.*came without a folder|"line":8.*came without a folder/)
  })
})

describe('validate.schema as a file', () => {
  const validated = definition('{ status: 200 }').concat('        validate: { schema: schemas/order.json }\n')

  test.each([
    ['without an $id', {}],
    ['with an $id of its own', { $id: 'https://acme.test/v1/order.json' }],
  ])('%s it may refer to files beside it', async (_what, more) => {
    const folder = await folderWith({
      'acme/partner.yaml': validated,
      'acme/schemas/order.json': JSON.stringify({ ...more, properties: { size: { $ref: 'sizes.json#/$defs/size' } } }),
      'acme/schemas/sizes.json': JSON.stringify({ $defs: { size: { enum: ['S', 'M'] } } }),
    })
    const { bill, faults } = await served(folder)
    expect(faults()).toEqual([])
    expect((await bill('{"size":"S"}')).status).toBe(200)
    const refused = await bill('{"size":"XL"}')
    expect([refused.status, JSON.parse(refused.bytes.toString()).violations]).toEqual([
      422,
      [{ place: 'body', field: 'size', problem: 'must be equal to one of the allowed values: "S", "M", found "XL"' }],
    ])
  })

  test.each([
    ['{"$ref":"../../outside.json"}', /refers to|there is no such file|leads out/],
    ['{"$ref":"https://evil.test/a.json"}', /refers to https:\/\/evil\.test\/a\.json/],
    ['{"type":', /"schemas\/order\.json" is no JSON Schema/],
  ])('%s is refused', async (schema, message) => {
    const folder = await folderWith({
      'partners/acme/partner.yaml': validated,
      'partners/acme/schemas/order.json': schema,
      'outside.json': '{}',
      'partners/outside.json': '{}',
    })
    const { faults } = await served(join(folder, 'partners'))
    expect(faults()).toMatchObject([{ message: expect.stringMatching(message) }])
  })
})

describe('records_file', () => {
  const rooms = (file: string) => `partner: acme
datapoints:
  - { name: rooms, pattern: resource, path: /rooms, records: [ { id: 1, name: first } ], records_file: ${file} }
`

  test.each([
    ['rooms.json', '[{"id":2,"name":"second"}]', { id: 2, name: 'second' }],
    ['rooms.jsonl', '{"id":2,"name":"second"}\n', { id: 2, name: 'second' }],
    ['rooms.csv', 'id,name\n2,second\n', { id: '2', name: 'second' }],
  ])('gives a resource its first records from %s', async (file, content, expected) => {
    const folder = await folderWith({ 'acme/partner.yaml': rooms(file), [`acme/${file}`]: content })
    const imnot = await createImnot({ partners: folder, background: false })
    onTestFinished(() => imnot.close())
    expect(await (await imnot.fetch('/rooms')).json()).toEqual([{ id: 1, name: 'first' }, expected])
  })

  test.each([
    [
      '{"rooms":[]}',
      'The file "rooms.json" must hold a list of records, as JSON, JSON lines or CSV; what it holds is none.',
    ],
    ['[{"id":2},{"name":"x"}]', 'Record 2 of the file "rooms.json" has no "id", which is text or a number.'],
    ['[{"id":"1"}]', 'Record 1 of the file "rooms.json" has the id "1", which one before it has.'],
  ])('with %s is a fault of the definition, at its place', async (content, message) => {
    const folder = await folderWith({ 'acme/partner.yaml': rooms('rooms.json'), 'acme/rooms.json': content })
    const imnot = await createImnot({ partners: folder, background: false })
    onTestFinished(() => imnot.close())
    const [failed] = imnot.engine.definitions().failed
    expect(failed?.diagnostics).toMatchObject([{ line: 3, message }])
  })
})
