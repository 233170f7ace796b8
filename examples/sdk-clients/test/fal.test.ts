import { ApiError, createFalClient, ValidationError } from '@fal-ai/client'
import { expect, test } from 'vitest'
import { receiveWebhooks } from '../support/receive-webhooks.ts'
import { servePartner } from '../support/serve-partner.ts'

const model = 'fal-ai/flux/dev'

async function connect(credentials = 'fal-test') {
  const { url, imnot } = await servePartner('fal')
  const fal = createFalClient({
    credentials,
    requestMiddleware: async (request) => ({ ...request, url: request.url.replace('https://queue.fal.run', url) }),
  })
  return { url, imnot, fal }
}

test('a subscription polls through the queue and the work, with its logs, to the result', async () => {
  const { url, fal } = await connect()
  const seen: string[] = []
  const { data, requestId } = await fal.subscribe(model, {
    input: { prompt: 'a boat' },
    logs: true,
    pollInterval: 5,
    onQueueUpdate(update) {
      const [log] = 'logs' in update ? update.logs : []
      seen.push(log === undefined ? update.status : `${update.status}: ${log.message}`)
    },
  })
  expect(seen.slice(-3)).toEqual([
    'IN_PROGRESS: Drawing a boat',
    'IN_PROGRESS: Drawing a boat',
    'COMPLETED: Drawing a boat',
  ])
  expect(seen).toContain('IN_QUEUE')
  expect(data).toMatchObject({ prompt: 'a boat', images: [{ url: `${url}/files/${requestId}.png` }] })
})

test('a result is not there before its request is completed, which a tester can bring about', async () => {
  const { fal, imnot } = await connect()
  const { request_id: requestId, queue_position } = await fal.queue.submit('fal-ai/flux', {
    input: { prompt: 'a boat' },
  })
  expect(queue_position).toBe(1)
  const early = fal.queue.result('fal-ai/flux', { requestId })
  await expect(early).rejects.toMatchObject({ status: 400, body: { detail: 'Request is still in progress' } })
  await imnot.flows.complete(requestId)
  expect(await fal.queue.status('fal-ai/flux', { requestId })).toMatchObject({ status: 'COMPLETED' })
  expect((await fal.queue.result('fal-ai/flux', { requestId })).data).toMatchObject({ seed: 7 })
})

test('a request is cancelled once, and not after it has completed', async () => {
  const { fal, imnot } = await connect()
  const { request_id: requestId } = await fal.queue.submit(model, { input: { prompt: 'a boat' } })
  await fal.queue.cancel(model, { requestId })
  await expect(fal.queue.result(model, { requestId })).rejects.toThrow(ApiError)

  const { request_id: other } = await fal.queue.submit(model, { input: { prompt: 'a boat' } })
  await imnot.flows.complete(other)
  const late = fal.queue.cancel(model, { requestId: other })
  await expect(late).rejects.toMatchObject({ status: 400, body: { status: 'ALREADY_COMPLETED' } })
})

test('failures are those of the client: of the input, of the content, of the runner, of the key', async () => {
  const { fal, imnot } = await connect()
  const missing = await fal.queue.submit(model, { input: {} as { prompt: string } }).catch((error: unknown) => error)
  expect(missing).toBeInstanceOf(ValidationError)
  expect((missing as ValidationError).getFieldErrors('prompt')).toMatchObject([{ msg: 'field required' }])

  const refused = fal.subscribe(model, { input: { prompt: 'something forbidden' }, pollInterval: 5 })
  await expect(refused).rejects.toBeInstanceOf(ValidationError)

  const { request_id: requestId } = await fal.queue.submit(model, { input: { prompt: 'a boat' } })
  await imnot.flows.fail(requestId)
  await expect(fal.queue.status(model, { requestId })).rejects.toMatchObject({
    body: { detail: 'The runner has failed.' },
  })

  const { fal: stranger } = await connect('another')
  await expect(stranger.queue.submit(model, { input: { prompt: 'a boat' } })).rejects.toMatchObject({ status: 401 })
})

test('a webhook brings the result, once', async () => {
  const { fal } = await connect()
  const receiver = await receiveWebhooks()
  const { request_id: requestId } = await fal.queue.submit(model, {
    input: { prompt: 'a boat' },
    webhookUrl: receiver.url,
  })
  for (let poll = 0; poll < 5; poll++) await fal.queue.status(model, { requestId })
  expect(JSON.parse((await receiver.next()).body)).toMatchObject({
    request_id: requestId,
    status: 'OK',
    payload: { images: [{ url: expect.stringContaining(requestId) }] },
  })
})
