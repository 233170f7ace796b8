import { expect, test } from 'vitest'
import { explained } from '../src/redis-errors.ts'

const place = 'redis://localhost:6379'

test.each([
  ["OOM command not allowed when used memory > 'maxmemory'. script: 1f, on @user_script:12.", 'STORAGE_FULL'],
  // As Redis 6 says it.
  [
    'ERR Error running script (call to f_1f): @user_script:3: @user_script: 3: -OOM command not allowed',
    'STORAGE_FULL',
  ],
  ['MISCONF Errors writing to the AOF file: No space left on device', 'STORAGE_FULL'],
  ['MISCONF Redis is configured to save RDB snapshots, but it is unable to persist to disk.', 'STORAGE_UNAVAILABLE'],
  ['BUSY Redis is busy running a script.', 'STORAGE_BUSY'],
  ["READONLY You can't write against a read only replica.", 'STORAGE_UNAVAILABLE'],
  ['LOADING Redis is loading the dataset in memory', 'STORAGE_UNAVAILABLE'],
  ['MASTERDOWN Link with MASTER is down', 'STORAGE_UNAVAILABLE'],
  ['CLUSTERDOWN The cluster is down', 'STORAGE_UNAVAILABLE'],
  ['NOREPLICAS Not enough good replicas to write.', 'STORAGE_UNAVAILABLE'],
  ['MOVED 3999 127.0.0.1:6381', 'STORAGE_UNAVAILABLE'],
  ['WRONGTYPE Operation against a key holding the wrong kind of value', 'CONFIG_INVALID'],
  ['Command timed out', 'STORAGE_UNAVAILABLE'],
  ['something new', 'STORAGE_UNAVAILABLE'],
])('%j is a %s', (message, code) => {
  const cause = new Error(message)
  expect(explained(cause, place)).toMatchObject({
    name: 'ImnotError',
    code,
    message: expect.stringContaining(place),
    cause,
  })
})

test('the command is not handed on: it may hold a password, or what was to be stored', () => {
  const cause = Object.assign(new Error('ERR no'), { command: { name: 'auth', args: ['hunter2'] } })
  expect(explained(cause, place).cause).not.toHaveProperty('command')
})
