import { describe, expect, test } from 'vitest'
import { memoryStorage } from '../../src/index.ts'
import { createSecrets } from '../../src/secrets.ts'
import { createTokens } from '../../src/tokens/tokens.ts'

describe('a token that was recognised', () => {
  const recognisedTwice = async (scope: string) => {
    const tokens = createTokens(createSecrets(memoryStorage()))
    const text = await tokens.issue({ claims: { scope }, issuer: 'id/login', session: null, expiresAt: 1, flow: null })
    const first = await tokens.recognise(text)
    const second = await tokens.recognise(text)
    expect(first?.claims).toEqual({ scope })
    expect(second).toEqual(first)
    return second === first
  }

  test('is remembered', async () => {
    expect(await recognisedTwice('read')).toBe(true)
  })

  test('is not where it is as long as a body may be, so that nobody fills the memory', async () => {
    expect(await recognisedTwice('read '.repeat(20_000))).toBe(false)
  })
})
