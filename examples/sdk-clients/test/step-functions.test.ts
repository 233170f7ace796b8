import {
  DescribeExecutionCommand,
  ExecutionAlreadyExists,
  ExecutionDoesNotExist,
  InvalidArn,
  SFNClient,
  StartExecutionCommand,
} from '@aws-sdk/client-sfn'
import { expect, onTestFinished, test } from 'vitest'
import { servePartner } from '../support/serve-partner.ts'

const stateMachineArn = 'arn:aws:states:eu-central-1:123456789012:stateMachine:sync'

async function connect() {
  const { url, imnot } = await servePartner('step-functions')
  const credentials = { accessKeyId: 'key', secretAccessKey: 'secret' }
  const client = new SFNClient({ endpoint: url, region: 'eu-central-1', credentials, maxAttempts: 1 })
  onTestFinished(() => client.destroy())
  return { client, imnot }
}

async function describeUntilStopped(client: SFNClient, executionArn: string | undefined) {
  const seen: (string | undefined)[] = []
  for (;;) {
    const execution = await client.send(new DescribeExecutionCommand({ executionArn }))
    seen.push(execution.status)
    if (execution.status !== 'RUNNING') return { seen, execution }
  }
}

test('an execution is started, described until it stops, and gives back its input as output', async () => {
  const { client } = await connect()
  const input = JSON.stringify({ booking: { id: 'B-1', total: '1.10' } })
  const started = await client.send(new StartExecutionCommand({ stateMachineArn, name: 'run-1', input }))
  expect(started.executionArn).toBe('arn:aws:states:eu-central-1:123456789012:execution:sync:run-1')
  expect(started.startDate).toBeInstanceOf(Date)

  const { seen, execution } = await describeUntilStopped(client, started.executionArn)
  expect(seen).toEqual(['RUNNING', 'RUNNING', 'SUCCEEDED'])
  expect(execution).toMatchObject({ name: 'run-1', stateMachineArn, input, output: input })
  expect(execution.stopDate?.getTime()).toBeGreaterThanOrEqual(execution.startDate?.getTime() ?? Infinity)
})

test('an input may ask for a failure, which says its error and its cause', async () => {
  const { client } = await connect()
  const input = JSON.stringify({ step: 'fail' })
  const { executionArn } = await client.send(new StartExecutionCommand({ stateMachineArn, name: 'run-2', input }))
  const { execution } = await describeUntilStopped(client, executionArn)
  expect(execution).toMatchObject({ status: 'FAILED', error: 'States.TaskFailed', cause: 'asked to' })
  expect(execution.output).toBeUndefined()
})

test('a name that is taken, an execution that is not there and a wrong ARN are the errors that the client knows', async () => {
  const { client } = await connect()
  const start = () => client.send(new StartExecutionCommand({ stateMachineArn, name: 'run-3' }))
  await start()
  await expect(start()).rejects.toThrow(ExecutionAlreadyExists)
  const nowhere = new DescribeExecutionCommand({ executionArn: `${stateMachineArn}:none` })
  await expect(client.send(nowhere)).rejects.toThrow(ExecutionDoesNotExist)
  const wrong = new StartExecutionCommand({ stateMachineArn: 'sync', name: 'run-4' })
  await expect(client.send(wrong)).rejects.toThrow(InvalidArn)
})
