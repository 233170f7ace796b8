import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { createImnot } from '../src/create-imnot.ts'

const key = 'a-key-that-is-long-enough-to-be-one'

/** The parts of the answers that are looked at. */
interface Answer {
  readonly detail: string
  readonly info: { readonly schema: string }
  readonly item: readonly { readonly name: string }[]
  readonly variable: readonly { readonly value: string }[]
  readonly paths: Readonly<Record<string, { readonly get: { readonly parameters: readonly { name: string }[] } }>>
}

/** Two partners, asked over the guarded admin API. */
async function startImnot() {
  const folder = await mkdtemp(join(tmpdir(), 'imnot-postman-'))
  onTestFinished(() => rm(folder, { recursive: true, force: true }))
  for (const partner of ['acme', 'zenith']) {
    await mkdir(join(folder, partner))
    const endpoints = `[{ method: GET, path: /${partner}/status }]`
    const yaml = `partner: ${partner}\ndatapoints: [{ name: status, pattern: static, endpoints: ${endpoints} }]\n`
    await writeFile(join(folder, partner, 'partner.yaml'), yaml)
  }
  const imnot = await createImnot({ partners: folder, adminKeys: [key], baseUrl: 'https://mock.test/' })
  onTestFinished(() => imnot.close())
  return async (path: string, headers: Record<string, string> = { authorization: `Bearer ${key}` }) => {
    const response = await imnot.fetch(new Request(`https://mock.test${path}`, { headers }))
    return { status: response.status, json: (await response.json()) as Answer }
  }
}

test('GET /imnot/admin/postman gives a collection for where the mocks are reached', async () => {
  const ask = await startImnot()
  const { status, json } = await ask('/imnot/admin/postman')
  expect(status).toBe(200)
  expect(json.info.schema).toContain('v2.1.0')
  expect(json.variable[0]).toMatchObject({ key: 'base_url', value: 'https://mock.test' })
  expect(json.item.slice(1, -1).map(({ name }) => name)).toEqual(['acme', 'zenith'])
})

test('it takes partners and a base URL, and refuses what is none', async () => {
  const ask = await startImnot()
  const { json } = await ask('/imnot/admin/postman?partner=zenith&base_url=http://10.0.0.1/')
  expect(json.variable[0]?.value).toBe('http://10.0.0.1')
  expect(json.item[1]?.name).toBe('zenith')
  expect(json.item).toHaveLength(3)
  expect(await ask('/imnot/admin/postman?partner=zenit')).toEqual({
    status: 404,
    json: { detail: 'There is no partner "zenit"; did you mean "zenith"?' },
  })
  for (const wrong of ['javascript:alert(1)', 'mock.test', '']) {
    const refused = await ask(`/imnot/admin/postman?base_url=${encodeURIComponent(wrong)}`)
    expect([refused.status, refused.json.detail]).toEqual([400, expect.stringContaining('base_url')])
  }
})

test('it is for the admin alone, and the OpenAPI document lists it', async () => {
  const ask = await startImnot()
  expect((await ask('/imnot/admin/postman', {})).status).toBe(401)
  const { json } = await ask('/imnot/admin/openapi.json')
  expect(json.paths['/imnot/admin/postman']?.get.parameters.map(({ name }) => name)).toEqual(['partner', 'base_url'])
})
