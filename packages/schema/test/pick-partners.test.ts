import { expect, test } from 'vitest'
import { pickPartners } from '../src/pick-partners.ts'

const definitions = ['acme', 'staylink'].map((partner) => ({ partner, datapoints: [] }))

test('no name picks every partner, names pick theirs in the order of the definitions', () => {
  expect(pickPartners(definitions, [])).toEqual({ ok: true, definitions })
  expect(pickPartners(definitions, ['staylink', 'acme'])).toEqual({ ok: true, definitions })
  expect(pickPartners(definitions, ['acme'])).toEqual({ ok: true, definitions: [definitions[0]] })
})

test('a name that is not there is told with the nearest that is, or with all', () => {
  expect(pickPartners(definitions, ['acme', 'staylnk'])).toEqual({
    ok: false,
    detail: 'There is no partner "staylnk"; did you mean "staylink"?',
  })
  expect(pickPartners(definitions, ['zzz'])).toEqual({
    ok: false,
    detail: 'There is no partner "zzz"; there are acme, staylink.',
  })
  expect(pickPartners([], ['x'])).toEqual({ ok: false, detail: 'There is no partner "x"; there is none yet.' })
})
