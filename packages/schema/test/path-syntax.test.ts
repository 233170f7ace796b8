import { describe, expect, it } from 'vitest'
import { parsePath } from '../src/index.ts'

describe('parsePath', () => {
  it.each([
    ['/', [], '/'],
    ['/a/b', [[{ literal: 'a' }], [{ literal: 'b' }]], '/a/b'],
    ['/a/b/', [[{ literal: 'a' }], [{ literal: 'b' }]], '/a/b'],
    ['/a/{id}', [[{ literal: 'a' }], [{ parameter: 'id' }]], '/a/{}'],
    ['/v1/{name}:cancel', [[{ literal: 'v1' }], [{ parameter: 'name' }, { literal: ':cancel' }]], '/v1/{}:cancel'],
    ['/{y}-{m}', [[{ parameter: 'y' }, { literal: '-' }, { parameter: 'm' }]], '/{}-{}'],
    ['/f/{rest*}', [[{ literal: 'f' }], [{ rest: 'rest' }]], '/f/{*}'],
    ['/f/{rest*}/', [[{ literal: 'f' }], [{ rest: 'rest' }]], '/f/{*}'],
    ['/\\{id\\}', [[{ literal: '{id}' }]], '/\\{id\\}'],
    ['/caf%C3%A9/a%20b', [[{ literal: 'café' }], [{ literal: 'a b' }]], '/café/a b'],
    ['/a%2Fb/50%25', [[{ literal: 'a%2Fb' }], [{ literal: '50%25' }]], '/a%2Fb/50%25'],
    ['/$metadata/@me;v=1', [[{ literal: '$metadata' }], [{ literal: '@me;v=1' }]], '/$metadata/@me;v=1'],
  ])('reads %s', (path, segments, shape) => {
    expect(parsePath(path)).toMatchObject({ ok: true, segments, shape })
  })

  it('lists parameters in order, the rest included', () => {
    expect(parsePath('/{b}/{a}/{rest*}')).toMatchObject({ parameters: ['b', 'a', 'rest'] })
  })

  it.each([
    ['a', 0],
    ['', 0],
    ['/a//b', 3],
    ['//', 1],
    ['/a/{id', 3],
    ['/a/{}', 3],
    ['/a/{1x}', 3],
    ['/a/{id}/{id}', 8],
    ['/{a}{b}', 4],
    ['/a?x', 2],
    ['/a#x', 2],
    ['/a b', 2],
    ['/a\tb', 2],
    ['/a\\b', 2],
    ['/a/.', 3],
    ['/%2E%2e', 1],
    ['/%zz', 1],
    ['/%00', 1],
    ['/{r*}/b', 5],
    ['/x{r*}', 1],
    [`/${'x'.repeat(2000)}`, 2000],
  ])('refuses %j at character %i', (path, offset) => {
    expect(parsePath(path)).toMatchObject({ ok: false, offset })
  })

  it('answers every combination of four pieces, and never throws', () => {
    const pieces = ['/', 'a', '{id}', '{x}', '{rest*}', '%20', '%', '\\{', '\\', '}', ':', '.', 'é', '😀', ' ', '?']
    let read = 0
    for (let number = 0; number < pieces.length ** 4; number += 1) {
      const path = `/${[0, 4, 8, 12].map((shift) => pieces[(number >> shift) & 15]).join('')}`
      const parsed = parsePath(path)
      if (!parsed.ok) expect(parsed.problem).toMatch(/^[a-z]/)
      else if (!parsed.shape.startsWith('/') || parsed.segments.some((parts) => parts.length === 0))
        expect(path).toBe('')
      else read += 1
    }
    expect(read).toBeGreaterThan(1_000)
  })
})
