import { version } from '@imnot/core'
import { expect, test } from 'vitest'
import { commandTable } from '../src/command-table.ts'
import { emptyFolder, newProject } from './support/folder.ts'
import { run } from './support/run.ts'

test('the help lists every command, and without a command it goes to standard error with exit 2', async () => {
  const folder = emptyFolder()
  const help = await run(folder, ['--help'])
  expect(help.code).toBe(0)
  for (const { name } of commandTable) expect(help.out).toMatch(new RegExp(`^  ${name} `, 'm'))
  expect(await run(folder, [])).toMatchObject({ code: 2, out: '', err: help.out })
})

test('--version prints the version alone', async () => {
  expect(await run(emptyFolder(), ['--version'])).toMatchObject({ code: 0, out: `${version}\n`, err: '' })
})

const leaves = [
  ['init'],
  ['start'],
  ['stop'],
  ['status'],
  ['routes'],
  ['validate'],
  ['generate'],
  ['prompt'],
  ['schema'],
  ['check'],
  ...['set', 'get', 'list', 'delete'].map((name) => ['payload', name]),
  ...['list', 'create', 'show', 'export', 'import', 'delete', 'clear'].map((name) => ['sessions', name]),
  ...['list', 'show'].map((name) => ['flows', name]),
  ...['list', 'show', 'redeliver'].map((name) => ['deliveries', name]),
]

test.each(leaves.map((words) => words.join(' ')))(
  'imnot %s --help ends with an example that can be pasted',
  async (words) => {
    const help = await run(emptyFolder(), [...words.split(' '), '--help'])
    expect(help.code).toBe(0)
    expect(help.out).toMatch(new RegExp(`Examples:\\n(?:.*\\n)*  \\$ .*imnot ${words}`))
  },
)

test.each([
  { argv: ['bogus'], says: "unknown command 'bogus'" },
  { argv: ['stat'], says: 'Did you mean start?' },
  { argv: ['start', '--bogus'], says: "unknown option '--bogus'" },
  { argv: ['start', 'extra'], says: 'too many arguments' },
  { argv: ['payload'], says: 'Usage: imnot payload' },
  { argv: ['payload', 'bogus'], says: "unknown command 'bogus'" },
  { argv: ['payload', 'set', 'staylink'], says: "missing required argument 'datapoint'" },
  { argv: ['sessions', 'show'], says: "missing required argument 'session'" },
  {
    argv: ['payload', 'list', '--url', 'foo'],
    says: '--url must be an address like http://127.0.0.1:8000, found "foo"',
  },
  { argv: ['start', '--port', 'abc'], says: '--port expects a whole number from 0 to 65535, found "abc"' },
  { argv: ['start', '--port', '99999'], says: '--port expects a whole number from 0 to 65535, found 99999' },
  { argv: ['start', '--db', 'a.db', '--storage', 'memory:'], says: 'storage and db name the same thing' },
  { argv: ['payload', 'list', '--url', 'http://a:b@c'], says: '--url must have no user and password in it' },
  { argv: ['payload', 'list', '--storage', 'memory:'], says: 'is in the server alone; name the server with --url' },
])('wrong usage is exit 2 with a sentence: imnot $argv', async ({ argv, says }) => {
  const result = await run(emptyFolder(), argv)
  expect(result).toMatchObject({ code: 2, out: '' })
  expect(result.err).toContain(says)
})

test('with --json wrong usage is JSON too', async () => {
  const folder = emptyFolder()
  const detail = (argv: string[]) => run(folder, argv).then(({ code, json }) => ({ code, json }))
  expect(await detail(['flows', 'list', '--bogus', '--json'])).toEqual({
    code: 2,
    json: { status: 'error', detail: "unknown option '--bogus'" },
  })
  expect(await detail(['payload', '--json'])).toMatchObject({ code: 2, json: { status: 'error' } })
  expect(await detail(['bogus', '--json'])).toMatchObject({ code: 2, json: { detail: "unknown command 'bogus'" } })
})

test.each([
  { argv: ['status', '--config', 'nope.yaml'], says: 'nope.yaml could not be read' },
  { argv: ['start', '--port', '0', '--admin-key', 'short'], says: 'An admin key has at least 24 characters, found 5' },
  {
    argv: ['start', '--port', '0', '--host', '0.0.0.0'],
    says: 'Listening on 0.0.0.0 lets other machines reach the admin API, and it has no key; set IMNOT_ADMIN_KEY',
  },
  {
    argv: ['start', '--port', '0', '--tls-cert', 'no.pem', '--tls-key', 'no.pem'],
    says: 'The certificate of TLS cannot be read',
  },
])('a configuration that cannot be used is exit 78: imnot $argv', async ({ argv, says }) => {
  const result = await run(await newProject(), [...argv, '--json'])
  expect(result).toMatchObject({ code: 78, json: { status: 'error', detail: expect.stringContaining(says) } })
  expect(result.err).toContain(says)
})

test('what goes wrong otherwise is exit 1, with the stack only where DEBUG asks for it', async () => {
  const folder = emptyFolder()
  expect((await run(folder, ['validate', 'nope'])).err).toBe(
    'There is no nope; name a definition file or a folder that holds NAME/partner.yaml.\n',
  )
  const result = await run(folder, ['validate', 'nope'], { env: { DEBUG: 'imnot' } })
  expect(result.code).toBe(1)
  expect(result.err).toMatch(/\n +at /)
})
