import { createHmac, createVerify } from 'node:crypto'
import { Webhooks } from '@octokit/webhooks'
import { Webhook } from 'standardwebhooks'
import Stripe from 'stripe'
import { describe, expect, test } from 'vitest'
import { sign } from '../../src/deliveries/signing/sign.ts'
import type { Signed, Signing } from '../../src/deliveries/signing/signing.ts'
import { ecKeys, rsaKeys } from '../support/signing-keys.ts'

const body = '{"id":"évt_1","amount":1.10}'

function signed(over: Partial<Signed> = {}): Signed {
  const url = 'https://receiver.test/hook?a=1'
  return { id: 'dlv-1', url, contentType: 'application/json', body: Buffer.from(body), at: Date.now(), ...over }
}

/** The headers as a receiver sees them. */
async function headersOf(signing: Omit<Signing, 'secretEnv'>, over: Partial<Signed> = {}) {
  const flat = await sign(signed(over), { secretEnv: null, ...signing })
  const headers: Record<string, string> = {}
  for (let index = 0; index < flat.length; index += 2) headers[flat[index] ?? ''] = flat[index + 1] ?? ''
  return headers
}

describe("a receiver's own library accepts what imnot signs, and refuses a changed byte", () => {
  const secret = Buffer.from('a secret of 24 bytes....').toString('base64')

  test.each([secret, `whsec_${secret}`])('standardwebhooks, with the secret %s', async (key) => {
    const headers = await headersOf({ scheme: 'standard-webhooks', key })
    const receiver = new Webhook(key)
    expect(receiver.verify(body, headers)).toEqual(JSON.parse(body))
    expect(headers['webhook-id']).toBe('dlv-1')
    expect(() => receiver.verify(`${body} `, headers)).toThrow(/No matching signature/)
  })

  test('standardwebhooks, which refuses an old time stamp', async () => {
    const headers = await headersOf({ scheme: 'standard-webhooks', key: secret }, { at: Date.now() - 600_000 })
    expect(() => new Webhook(secret).verify(body, headers)).toThrow(/too old/)
  })

  test('standardwebhooks, under the header names of a prefix', async () => {
    const headers = await headersOf({ scheme: 'standard-webhooks', key: secret, prefix: 'svix' })
    const named = Object.fromEntries(
      Object.entries(headers).map(([name, value]) => [name.replace('svix', 'webhook'), value]),
    )
    expect(Object.keys(headers)).toEqual(['svix-id', 'svix-timestamp', 'svix-signature'])
    expect(new Webhook(secret).verify(body, named)).toEqual(JSON.parse(body))
  })

  test('stripe', async () => {
    const key = 'whsec_of_the_dashboard'
    const { 'stripe-signature': header = '' } = await headersOf({ scheme: 'stripe', key })
    const { webhooks } = new Stripe('sk_test_none')
    expect(webhooks.constructEvent(body, header, key)).toMatchObject({ id: 'évt_1' })
    expect(() => webhooks.constructEvent(`${body} `, header, key)).toThrow(/No signatures found/)
  })

  test('@octokit/webhooks', async () => {
    const headers = await headersOf({ scheme: 'github', key: 'it is secret' })
    const receiver = new Webhooks({ secret: 'it is secret' })
    const signature = headers['x-hub-signature-256'] ?? ''
    expect(headers['x-github-delivery']).toBe('dlv-1')
    expect([await receiver.verify(body, signature), await receiver.verify(`${body} `, signature)]).toEqual([
      true,
      false,
    ])
  })
})

describe('a signature of any making', () => {
  test('covers the bytes themselves where no payload is declared', async () => {
    const bytes = Buffer.from([0xff, 0x00, 0xc3, 0x28])
    const headers = await headersOf(
      {
        scheme: 'hmac',
        key: 'k',
        algorithm: 'sha512',
        encoding: 'base64url',
        headers: { 'X-Sign': 'v0={{ signature }}' },
      },
      { body: bytes },
    )
    expect(headers).toEqual({ 'X-Sign': `v0=${createHmac('sha512', 'k').update(bytes).digest('base64url')}` })
  })

  test('covers what its payload says of time, URL, text and data, with a key in hexadecimal', async () => {
    const at = 1_700_000_000_999
    const headers = await headersOf(
      {
        scheme: 'hmac',
        key: '00ff',
        keyEncoding: 'hex',
        payload: '{{ timestamp }}|{{ url }}|{{ data.id }}|{{ data.id | upcase }}|{{ text }}',
        headers: { 'X-Time': '{{ timestamp }}', 'X-Sign': '{{ signature }}' },
      },
      { at },
    )
    const payload = `1700000000|https://receiver.test/hook?a=1|évt_1|ÉVT_1|${body}`
    expect(headers).toEqual({
      'X-Time': '1700000000',
      'X-Sign': createHmac('sha256', Buffer.from('00ff', 'hex')).update(payload).digest('hex'),
    })
  })

  test('covers the same bytes where they are no UTF-8', async () => {
    const bytes = Buffer.from([0x63, 0xe9, 0xff])
    const headers = await headersOf(
      { scheme: 'hmac', key: 'k', payload: '{{ timestamp }}.{{ text }}', headers: { s: '{{ signature }}' } },
      { body: bytes, at: 5000 },
    )
    expect(headers.s).toBe(createHmac('sha256', 'k').update('5.').update(bytes).digest('hex'))
  })

  test.each([
    ['ecdsa', ecKeys],
    ['rsa', rsaKeys],
  ] as const)('%s verifies with the public key', async (scheme, makeKeys) => {
    const { privateKey, publicKey } = makeKeys()
    const headers = { 'X-Sign': '{{ signature }}' }
    for (const key of [
      { key: privateKey },
      { key: Buffer.from(privateKey).toString('base64'), keyEncoding: 'base64' as const },
      { key: privateKey.replace(/-----.*-----|\s/g, ''), keyEncoding: 'base64' as const },
    ]) {
      const { 'X-Sign': signature = '' } = await headersOf({ scheme, encoding: 'base64', headers, ...key })
      const verify = (text: string) => createVerify('sha256').update(text).verify(publicKey, signature, 'base64')
      expect([verify(body), verify(`${body} `)]).toEqual([true, false])
    }
  })

  test.each([
    ['ecdsa', rsaKeys().privateKey, 'needs a private key of its kind, found one of rsa'],
    ['rsa', 'no key', 'could not be signed with rsa'],
    ['standard-webhooks', '!', 'is base64'],
  ] as const)(
    '%s with a key of another kind fails, says so, and does not tell the key',
    async (scheme, key, message) => {
      const failure = await headersOf({ scheme, key }).catch((error: Error) => error)
      expect(failure).toMatchObject({ code: 'SIGNING_FAILED', message: expect.stringContaining(message) })
      expect((failure as Error).message).not.toContain(key.slice(-20, -2) || 'no key at all')
    },
  )

  test('a secret that the environment lacks is named', async () => {
    await expect(sign(signed(), { scheme: 'stripe', key: null, secretEnv: 'ACME_SECRET' })).rejects.toMatchObject({
      code: 'SIGNING_FAILED',
      message: expect.stringContaining('Set ACME_SECRET in the environment'),
    })
  })
})
