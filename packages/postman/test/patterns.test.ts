import { builtinPatterns } from '@imnot/schema'
import { expect, test } from 'vitest'
import { builtinRequests } from '../src/patterns/registry.ts'

test('every pattern of the language contributes its requests, and no other does', () => {
  expect(builtinRequests.map(({ name }) => name)).toEqual(builtinPatterns.map(({ name }) => name))
})
