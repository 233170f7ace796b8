import { definePattern } from '@imnot/core'
import { expect, test } from 'vitest'
import { createImnot } from '../src/create-imnot.ts'
import { loadPatterns } from '../src/patterns/load-patterns.ts'

const plan = () => ({ answer: { status: 204, headers: [], body: null } })
const make = (name: string, aliases: readonly string[] = []) =>
  definePattern({ name, aliases, summary: 'Answers.', compile: () => ({ plan }) })
const [one, two] = [make('one'), make('two')]

test.each([
  ['by name', { one, two, other: 1 }, [one, two]],
  ['by default', { default: one }, [one]],
  ['as a list', { default: [one, two] }, [one, two]],
  ['from CommonJS', { default: { one, two }, one }, [one, two]],
])('a module exports patterns %s', async (_how, exported, patterns) => {
  const found = await loadPatterns(['x'], { importModule: async () => exported })
  expect(new Set(found)).toEqual(new Set(patterns))
})

test('a module that is not there, fails or exports none is told', async () => {
  const refused = (importModule: () => Promise<unknown>) => loadPatterns(['./x.js'], { importModule })
  await expect(refused(() => Promise.reject(new Error('no such file.')))).rejects.toMatchObject({
    code: 'PATTERN_INVALID',
    message: 'The module of patterns ./x.js cannot be loaded: no such file.',
  })
  await expect(refused(async () => ({ default: { name: 'x' } }))).rejects.toMatchObject({
    code: 'PATTERN_INVALID',
    message: 'The module ./x.js exports no pattern; export what definePattern makes, by name or by default.',
  })
})

test.each([
  ['of one name', [make('one'), make('one')], 'one'],
  ['with the name of a built-in one', [make('fetch')], 'fetch'],
  ['with an alias of a built-in one', [make('mine', ['polling'])], 'polling'],
])('two patterns %s are refused', async (_what, patterns, name) => {
  await expect(createImnot({ patterns })).rejects.toMatchObject({
    code: 'PATTERN_INVALID',
    message: `Two patterns have the name "${name}"; give yours another one.`,
  })
})

test('what is no pattern is refused', async () => {
  await expect(createImnot({ patterns: [{ name: 'x' } as never] })).rejects.toMatchObject({ code: 'PATTERN_INVALID' })
})

test('a pattern that takes payloads gets uploads, and answers with them', async () => {
  const pattern = definePattern({
    name: 'document',
    summary: 'Answers with the payload.',
    takesPayload: true,
    status: 203,
    compile: ({ payload }) => ({ readsPayload: true, plan: (moment) => ({ answer: payload(moment) }) }),
  })
  const definition = {
    partner: 'acme',
    datapoints: [{ name: 'doc', pattern: 'document', endpoints: [{ method: 'GET', path: '/docs/{id}' }] }],
  }
  await using imnot = await createImnot({ definitions: [definition], patterns: [pattern] })
  expect((await imnot.fetch('/docs/1')).status).toBe(404)
  await imnot.payloads.set('acme', 'doc', '{"n": 1.10}', { params: { id: '1' } })
  const answer = await imnot.fetch('/docs/1')
  expect([answer.status, await answer.text()]).toEqual([203, '{"n": 1.10}'])
  await imnot.partners.register(JSON.stringify({ ...definition, partner: 'late' }).replaceAll('/docs', '/late'))
  expect((await imnot.fetch('/late/1')).status).toBe(404)
  await imnot.payloads.set('late', 'doc', 'x')
  expect((await imnot.fetch('/late/1')).status).toBe(203)
})
