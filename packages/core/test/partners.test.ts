import { parseDefinition } from '@imnot/schema'
import { describe, expect, test } from 'vitest'
import { type LoadedDefinitions, memoryStorage } from '../src/index.ts'
import { manualClock } from './support/manual-clock.ts'
import { seed } from './support/seed.ts'
import { startEngine } from './support/start-engine.ts'

const staticYaml = (partner: string, path: string, body: string) =>
  `partner: ${partner}\ndatapoints: [{ name: note, pattern: static, endpoints: [{ method: GET, path: ${path}, response: { body: ${body} } }] }]\n`

/** A folder of definitions that a test changes. */
function folder(files: Record<string, string>) {
  const read = async (): Promise<LoadedDefinitions> => {
    const results = Object.entries(files).map(([file, text]) => ({ file, result: parseDefinition(text, { file }) }))
    return {
      parsed: results.flatMap(({ result }) => (result.ok ? [result.parsed] : [])),
      failed: results.flatMap(({ file, result }) =>
        result.ok ? [] : [{ file, partner: null, diagnostics: result.diagnostics }],
      ),
    }
  }
  return { files, read }
}

describe('registering a definition', () => {
  test('serves it at once, refuses a second of its name, and replaces it when forced', async () => {
    const running = await startEngine()
    const created = await running.admin('POST', '/imnot/admin/partners', { body: staticYaml('a', '/a', 'one') })
    expect([created.status, created.json]).toEqual([
      201,
      expect.objectContaining({
        status: 'ok',
        partner: 'a',
        created: true,
        routes_added: ['GET /a'],
        routes_conflicts: [],
      }),
    ])
    expect(await (await running.call('GET', '/a')).text()).toBe('one')
    const again = await running.admin('POST', '/imnot/admin/partners', { body: staticYaml('a', '/a', 'two') })
    expect([again.status, again.json.detail]).toEqual([409, expect.stringContaining('?force=true')])
    expect(await (await running.call('GET', '/a')).text()).toBe('one')
    expect(
      (await running.admin('POST', '/imnot/admin/partners?force=true', { body: staticYaml('a', '/a', 'two') })).status,
    ).toBe(200)
    expect(await (await running.call('GET', '/a')).text()).toBe('two')
  })

  test('answers a faulty one with 422 and every fault by line and column, and changes nothing', async () => {
    const running = await startEngine({ yaml: seed })
    const body = 'partner: b\ndatapoints:\n  - name: x\n    pattern: statik\n    endpoints: []\n  - nme: y\n'
    const refused = await running.admin('POST', '/imnot/admin/partners', { body })
    expect(refused.status).toBe(422)
    expect(refused.json.diagnostics).toContainEqual(
      expect.objectContaining({ line: 4, column: 14, suggestion: 'static' }),
    )
    expect(refused.json.detail).toContain('partner.yaml:4:14')
    expect(
      (await running.admin('GET', '/imnot/admin/partners')).json.map((one: { partner: string }) => one.partner),
    ).toEqual(['acme'])
  })

  test('refuses a route that another partner has, naming both places', async () => {
    const running = await startEngine({ yaml: seed })
    const refused = await running.admin('POST', '/imnot/admin/partners', {
      body: 'partner: b\ndatapoints: [{ name: x, pattern: static, endpoints: [{ method: HEAD, path: "/external/jobs/{other}", response: { status: 200 } }] }]\n',
    })
    expect([refused.status, refused.json.detail]).toEqual([422, expect.stringContaining('partner-0.yaml')])
  })

  test('is live on another node within a quarter of a second, and survives a restart', async () => {
    const clock = manualClock()
    const storage = memoryStorage({ now: clock.now })
    const a = await startEngine({ storage, clock })
    const b = await startEngine({ storage, clock })
    await a.admin('POST', '/imnot/admin/partners', { body: staticYaml('a', '/a', 'one') })
    await clock.advance(250)
    expect(await (await b.call('GET', '/a')).text()).toBe('one')
    const c = await startEngine({ storage, clock })
    expect(await (await c.call('GET', '/a')).text()).toBe('one')
    await c.admin('DELETE', '/imnot/admin/partners/a')
    await clock.advance(250)
    expect([(await a.call('GET', '/a')).status, (await b.call('GET', '/a')).status]).toEqual([404, 404])
  })

  test('hides the file of its name, which shows again when it is removed', async () => {
    const running = await startEngine({ yaml: staticYaml('a', '/a', 'file') })
    await running.admin('POST', '/imnot/admin/partners?force=true', { body: staticYaml('a', '/a', 'registered') })
    expect((await running.admin('GET', '/imnot/admin/partners')).json).toMatchObject([
      { source: 'registered', shadows_file: true },
    ])
    expect(await (await running.call('GET', '/a')).text()).toBe('registered')
    expect((await running.admin('DELETE', '/imnot/admin/partners/a')).status).toBe(200)
    expect(await (await running.call('GET', '/a')).text()).toBe('file')
    const refused = await running.admin('DELETE', '/imnot/admin/partners/a')
    expect([refused.status, refused.json.detail]).toEqual([409, expect.stringContaining('comes from the file')])
  })
})

describe('a reload', () => {
  test('says what was added, changed, removed and what failed, and keeps the last good version of a broken file', async () => {
    const { files, read } = folder({
      'a.yaml': staticYaml('a', '/a', 'one'),
      'b.yaml': staticYaml('b', '/b', 'one'),
      'c.yaml': staticYaml('c', '/c', 'one'),
    })
    const running = await startEngine({ definitions: read })
    files['a.yaml'] = staticYaml('a', '/a', 'two')
    files['b.yaml'] = 'partner: b\ndatapoints: nonsense\n'
    delete files['c.yaml']
    files['d.yaml'] = staticYaml('d', '/d', 'one')
    const report = (await running.admin('POST', '/imnot/admin/reload')).json
    expect(report).toMatchObject({
      status: 'partial',
      added: ['d'],
      changed: ['a'],
      removed: ['c'],
      failed: [{ file: 'b.yaml' }],
    })
    expect(report.failed[0].diagnostics[0]).toMatch(/^b\.yaml:2:13 /)
    const bodies = await Promise.all(['/a', '/b', '/d'].map(async (path) => (await running.call('GET', path)).text()))
    expect(bodies).toEqual(['two', 'one', 'one'])
    expect((await running.call('GET', '/c')).status).toBe(404)
  })

  test('makes every node read its own files', async () => {
    const clock = manualClock()
    const storage = memoryStorage({ now: clock.now })
    const { files, read } = folder({ 'a.yaml': staticYaml('a', '/a', 'one') })
    const a = await startEngine({ storage, clock })
    const b = await startEngine({ storage, clock, definitions: read })
    files['a.yaml'] = staticYaml('a', '/a', 'two')
    await a.admin('POST', '/imnot/admin/reload')
    await clock.advance(250)
    expect(await (await b.call('GET', '/a')).text()).toBe('two')
  })

  test('of two files with the same route serves the first and names both for the second', async () => {
    const running = await startEngine({ yaml: [staticYaml('a', '/same', 'first'), staticYaml('b', '/same', 'second')] })
    expect(await (await running.call('GET', '/same')).text()).toBe('first')
    const report = (await running.admin('POST', '/imnot/admin/reload')).json
    expect(report.failed).toEqual([expect.objectContaining({ file: 'partner-1.yaml', partner: 'b' })])
  })

  test('never shows a request half of the old and half of the new', async () => {
    const { files, read } = folder({
      'a.yaml': staticYaml('a', '/a', 'v0') + staticYaml('x', '/x', 'x').replace(/^/gm, '# '),
    })
    const running = await startEngine({ definitions: read })
    const seen = new Set<string>()
    for (let round = 1; round <= 30; round++) {
      files['a.yaml'] = staticYaml('a', '/a', `v${round}`)
      const reloading = running.admin('POST', '/imnot/admin/reload')
      for (let request = 0; request < 10; request++) {
        const response = await running.call('GET', '/a')
        seen.add(`${response.status} ${(await response.text()).replace(/\d+/, 'N')}`)
      }
      await reloading
    }
    expect([...seen]).toEqual(['200 vN'])
  })
})
