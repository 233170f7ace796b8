import { ApiError, type Environment, EventName, Paddle } from '@paddle/paddle-node-sdk'
import { expect, test } from 'vitest'
import { receiveWebhooks } from '../support/receive-webhooks.ts'
import { servePartner } from '../support/serve-partner.ts'

const key = 'pdl_sdbx_apikey_test'

async function start() {
  const { url, imnot } = await servePartner('paddle')
  return { url, imnot, paddle: new Paddle(key, { environment: url as Environment }) }
}

/** The error that the client throws. */
const failure = (call: Promise<unknown>) =>
  call.then(
    () => null,
    (error: unknown) => error as ApiError,
  )

test('customers are created, found, changed and listed page by page by the client’s own iterator', async () => {
  const { paddle } = await start()
  const made = await paddle.customers.create({ email: 'ada@example.com', name: 'Ada', customData: { crm: 7 } })
  expect(made).toMatchObject({
    id: expect.stringMatching(/^ctm_/),
    status: 'active',
    locale: 'en',
    customData: { crm: 7 },
  })
  const changed = await paddle.customers.update(made.id, { name: 'Ada L.', status: 'archived' })
  expect(await paddle.customers.get(made.id)).toEqual(changed)
  expect(changed).toMatchObject({ name: 'Ada L.', status: 'archived', email: 'ada@example.com' })

  for (const name of ['b', 'c', 'd', 'e']) await paddle.customers.create({ email: `${name}@example.com` })
  const emails: string[] = []
  for await (const { email } of paddle.customers.list({ perPage: 2 })) emails.push(email)
  expect(emails).toEqual(['e', 'd', 'c', 'b', 'ada'].map((name) => `${name}@example.com`))
  const archived = paddle.customers.list({ status: ['archived'] })
  expect((await archived.next()).map(({ id }) => id)).toEqual([made.id])
  expect([archived.hasMore, archived.estimatedTotal]).toEqual([false, 1])
})

test('what is refused comes as the client’s own error', async () => {
  const { paddle, url } = await start()
  await paddle.customers.create({ email: 'ada@example.com' })
  const taken = await failure(paddle.customers.create({ email: 'ada@example.com' }))
  expect(taken).toBeInstanceOf(ApiError)
  expect(taken).toMatchObject({ type: 'request_error', code: 'customer_already_exists' })
  expect(await failure(paddle.customers.get('ctm_none'))).toMatchObject({ code: 'not_found' })
  const invalid = await failure(paddle.customers.create({ email: 'nobody' }))
  expect(invalid).toMatchObject({ code: 'bad_request', errors: [{ field: 'email' }] })
  const stranger = new Paddle('pdl_wrong', { environment: url as Environment })
  expect(await failure(stranger.customers.get('ctm_none'))).toMatchObject({ code: 'authentication_malformed' })
})

test('a subscription is cancelled at the end of its period, then at once, and then no more', async () => {
  const { paddle } = await start()
  const id = 'sub_01hv8x29kz0t586xy6zn1a62ny'
  const later = await paddle.subscriptions.cancel(id, { effectiveFrom: 'next_billing_period' })
  expect(later).toMatchObject({
    status: 'active',
    scheduledChange: { action: 'cancel', effectiveAt: '2027-01-01T00:00:00Z' },
  })
  const now = await paddle.subscriptions.cancel(id, { effectiveFrom: 'immediately' })
  expect(now).toMatchObject({ status: 'canceled', nextBilledAt: null })
  expect((await paddle.subscriptions.get(id)).canceledAt).toBe(now.canceledAt)
  const again = await failure(paddle.subscriptions.cancel(id, { effectiveFrom: 'immediately' }))
  expect(again).toMatchObject({ code: 'subscription_update_when_canceled' })

  const types: string[] = []
  for await (const event of paddle.events.list({ perPage: 1 })) types.push(event.eventType)
  expect(types).toEqual([EventName.SubscriptionCanceled, EventName.SubscriptionUpdated])
})

test('webhooks go to who has subscribed them, and their signatures satisfy the client', async () => {
  const { paddle } = await start()
  const receiver = await receiveWebhooks()
  const setting = await paddle.notificationSettings.create({
    description: 'shop',
    type: 'url',
    destination: `${receiver.url}/paddle`,
    subscribedEvents: [EventName.CustomerCreated],
  })
  const customer = await paddle.customers.create({ email: 'ada@example.com' })
  await paddle.customers.update(customer.id, { name: 'not told' })
  const { body, headers } = await receiver.next()
  const signature = String(headers['paddle-signature'])
  const event = await paddle.webhooks.unmarshal(body, setting.endpointSecretKey, signature)
  expect(event).toMatchObject({
    eventType: EventName.CustomerCreated,
    data: { id: customer.id, email: 'ada@example.com' },
  })
  await expect(paddle.webhooks.unmarshal(`${body} `, setting.endpointSecretKey, signature)).rejects.toThrow('signature')

  // Whoever is removed is told nothing more.
  await paddle.notificationSettings.delete(setting.id)
  await paddle.customers.create({ email: 'bob@example.com' })
  expect((await paddle.notificationSettings.list({})).length).toBe(0)
})
