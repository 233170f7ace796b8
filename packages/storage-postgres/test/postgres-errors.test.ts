import { ImnotError } from '@imnot/core'
import pg from 'pg'
import { describe, expect, test } from 'vitest'
import { explained, isRetryable, leavesConnectionUsable } from '../src/postgres-errors.ts'
import { openStorage } from './support/open-storage.ts'
import { missingServer, serverUrl, skipTitle } from './support/postgres-server.ts'

const place = 'postgres://db:5432/imnot'

function serverError(code: string): Error {
  return Object.assign(new pg.DatabaseError('some reason', 10, 'error'), { code, severity: 'ERROR' })
}

test.each([
  ['57P01', 'STORAGE_UNAVAILABLE'],
  ['57P03', 'STORAGE_UNAVAILABLE'],
  ['53300', 'STORAGE_UNAVAILABLE'],
  ['08006', 'STORAGE_UNAVAILABLE'],
  ['28P01', 'STORAGE_UNAVAILABLE'],
  ['42P01', 'STORAGE_UNAVAILABLE'],
  ['25006', 'STORAGE_UNAVAILABLE'],
  ['53100', 'STORAGE_FULL'],
  ['40P01', 'STORAGE_BUSY'],
  ['40001', 'STORAGE_BUSY'],
  ['55P03', 'STORAGE_BUSY'],
  ['57014', 'STORAGE_BUSY'],
  ['54000', 'BODY_TOO_LARGE'],
])('the SQLSTATE %s is a %s', (state, code) => {
  const error = serverError(state)
  expect(explained(error, place)).toMatchObject({
    name: 'ImnotError',
    code,
    message: expect.stringMatching(/^The database postgres:\/\/db:5432\/imnot .*\(some reason\)\.$/),
    cause: error,
  })
})

test('what the driver throws by itself means that the server cannot be reached', () => {
  const refused = Object.assign(new Error('connect ECONNREFUSED 127.0.0.1:1'), { code: 'ECONNREFUSED' })
  expect(explained(refused, place)).toMatchObject({ code: 'STORAGE_UNAVAILABLE', cause: refused })
  const both = new AggregateError([new Error('connect ECONNREFUSED ::1:1'), refused])
  expect(explained(both, place).message).toContain('connect ECONNREFUSED ::1:1, connect ECONNREFUSED 127.0.0.1:1')
})

test('an error of ours comes back as it is', () => {
  const error = new ImnotError('STORAGE_CLOSED', 'It was closed.')
  expect(explained(error, place)).toBe(error)
})

test('only what was rolled back for another transaction is worth a retry', () => {
  const states = ['40001', '40P01', '55P03', '23505', '57P01']
  expect(states.filter((state) => isRetryable(serverError(state)))).toEqual(['40001', '40P01'])
})

test('a connection on which the server complained of a statement can be used again', () => {
  const usable = ['40001', '42P01', '55P03', '57014'].map(serverError)
  const lost = [...['57P01', '08006', '53300', 'XX000'].map(serverError), new Error('Query read timeout')]
  expect([...usable, ...lost].map(leavesConnectionUsable)).toEqual([
    ...usable.map(() => true),
    ...lost.map(() => false),
  ])
})

describe.skipIf(missingServer !== null)(skipTitle('a database that is not there', missingServer), () => {
  test('is named', async () => {
    const url = new URL(serverUrl)
    url.pathname = '/no-such-database'
    await expect(openStorage({ url: url.href })).rejects.toMatchObject({
      code: 'STORAGE_UNAVAILABLE',
      message: expect.stringMatching(/\/no-such-database does not exist/),
    })
  })
})
