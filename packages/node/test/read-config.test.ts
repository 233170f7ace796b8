import { mkdir, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { configJsonSchema } from '../src/config/config-schema.ts'
import { readConfig } from '../src/config/read-config.ts'

const key = 'a-key-of-at-least-24-characters'

async function project(files: Readonly<Record<string, string>> = {}): Promise<string> {
  const folder = await realpath(await mkdtemp(join(tmpdir(), 'imnot-config-')))
  onTestFinished(() => rm(folder, { recursive: true, force: true }))
  for (const [path, content] of Object.entries(files)) {
    await mkdir(join(folder, path, '..'), { recursive: true })
    await writeFile(join(folder, path), content)
  }
  return folder
}

const faultsOf = (sources: Parameters<typeof readConfig>[0]) =>
  readConfig(sources).then(
    () => [],
    (error: Error & { code?: string }) => [error.code, ...error.message.split('\n')],
  )

test('with nothing set it is loopback, port 8000 and a database here', async () => {
  const cwd = await project()
  expect(await readConfig({ cwd, env: {} })).toEqual({
    journal: true,
    patterns: [],
    host: '127.0.0.1',
    port: 8000,
    storage: `sqlite:${join(cwd, 'imnot.db')}`,
    partnersDir: null,
    adminKeys: [],
    encryption: null,
    baseUrl: null,
    watch: false,
    tls: null,
    callbacksAllow: [],
    callbacksTimeoutMs: undefined,
    pidFile: join(cwd, 'imnot.pid'),
    configFile: null,
    warnings: [],
  })
})

test('flags win over the environment, and the environment over imnot.yaml', async () => {
  const cwd = await project({
    'imnot.yaml': 'host: 10.0.0.1\nport: 1\nbase_url: http://file\ncallbacks: {allow: [a]}\n',
  })
  const env = {
    IMNOT_PORT: '2',
    IMNOT_BASE_URL: 'http://env/',
    IMNOT_CALLBACKS_ALLOW: 'b, 10.0.0.0/8,',
    IMNOT_CALLBACKS_TIMEOUT_SECONDS: '2.5',
  }
  const config = await readConfig({ cwd, env, flags: { port: '3' } })
  expect(config).toMatchObject({
    host: '10.0.0.1',
    port: 3,
    baseUrl: 'http://env',
    callbacksAllow: ['b', '10.0.0.0/8'],
    callbacksTimeoutMs: 2500,
  })
})

test('imnot.yaml, partners and database are found from a folder below, and relative paths start beside the file', async () => {
  const root = await project({
    'imnot.yaml': 'db: data/state.db\ntls: {cert: c.pem, key: k.pem}\n',
    'partners/acme/partner.yaml': '',
    'deep/er/x': '',
  })
  expect(await readConfig({ cwd: join(root, 'deep/er'), env: {} })).toMatchObject({
    configFile: join(root, 'imnot.yaml'),
    storage: `sqlite:${join(root, 'data/state.db')}`,
    partnersDir: join(root, 'partners'),
    tls: { cert: join(root, 'c.pem'), key: join(root, 'k.pem') },
  })
})

test('without imnot.yaml the database is beside the partners', async () => {
  const root = await project({ 'partners/acme/partner.yaml': '', 'below/x': '' })
  const { storage } = await readConfig({ cwd: join(root, 'below'), env: {} })
  expect(storage).toBe(`sqlite:${join(root, 'imnot.db')}`)
})

test('paths of environment and flags start in the working folder, and a db above hides a storage below', async () => {
  const root = await project({ 'imnot.yaml': 'storage: memory\npartners_dir: of-file\n', 'below/mocks/x': '' })
  const cwd = join(root, 'below')
  const config = await readConfig({ cwd, env: { IMNOT_PARTNERS_DIR: 'mocks' }, flags: { db: 'x.db' } })
  expect(config).toMatchObject({ storage: `sqlite:${join(cwd, 'x.db')}`, partnersDir: join(cwd, 'mocks') })
})

test.each([
  ['memory:', 'memory:'],
  ['memory', 'memory:'],
  ['postgres://db/imnot', 'postgres://db/imnot'],
  ['@acme/storage', '@acme/storage'],
])('the storage %s stays', async (given, expected) => {
  const cwd = await project()
  expect((await readConfig({ cwd, env: { IMNOT_STORAGE: given } })).storage).toBe(expected)
})

test('all faults are named at once, those of the file with line and column', async () => {
  const cwd = await project({
    'imnot.yaml': 'port: many\nhots: x\ncallbacks:\n  alow: []\nadmin_key: secret\nbase_url: ftp://x\n',
  })
  const file = join(cwd, 'imnot.yaml')
  expect(await faultsOf({ cwd, env: { IMNOT_PORT: '70000', IMNOT_WATCH: 'maybe' }, flags: { port: 'x' } })).toEqual([
    'CONFIG_INVALID',
    '--port expects a whole number from 0 to 65535, found "x".',
    'IMNOT_PORT expects a whole number from 0 to 65535, found 70000.',
    'IMNOT_WATCH expects true or false, found "maybe".',
    `${file}:1:1 port expects a whole number from 0 to 65535, found "many".`,
    `${file}:6:1 base_url expects an http or https URL, found "ftp://x".`,
    `${file}:4:3 callbacks.alow is no setting; did you mean allow?`,
    `${file}:2:1 hots is no setting; did you mean host?`,
    `${file}:5:1 admin_key is a secret, and secrets are not kept in this file; set IMNOT_ADMIN_KEY in the environment.`,
  ])
})

test('faults of the flags alone are a wrong usage', async () => {
  expect(
    await faultsOf({ cwd: await project(), env: {}, flags: { port: 'abc', db: 'a', storage: 'memory:' } }),
  ).toEqual(['USAGE_INVALID', '--port expects a whole number from 0 to 65535, found "abc".'])
})

test.each([
  ['a: [', /imnot\.yaml:1:\d+ /],
  ['a: 1\na: 2', /imnot\.yaml:2:1 .*unique/],
  ['- 1', /imnot\.yaml:1:1 the file expects keys and values/],
])('imnot.yaml that is %j is refused with its place', async (source, message) => {
  const cwd = await project({ 'imnot.yaml': source })
  expect((await faultsOf({ cwd, env: {} }))[1]).toMatch(message)
})

test.each(['', '# nothing\n', '---\n'])('imnot.yaml that is %j sets nothing', async (source) => {
  const cwd = await project({ 'imnot.yaml': source })
  expect((await readConfig({ cwd, env: {} })).port).toBe(8000)
})

test('storage and db together, and a certificate without its key, are refused', async () => {
  const cwd = await project({ 'imnot.yaml': 'storage: memory\ndb: x\ntls: {cert: c}\n' })
  expect(await faultsOf({ cwd, env: {} })).toEqual([
    'CONFIG_INVALID',
    'storage and db name the same thing; set one of them.',
    'TLS needs a certificate and its key, found only the certificate.',
  ])
})

test('admin keys come from variable, file and rotation; empty ones count as unset and short ones are refused', async () => {
  const cwd = await project({ 'key.txt': `${key}\n` })
  const keysOf = async (env: Record<string, string>) => (await readConfig({ cwd, env })).adminKeys
  expect(await keysOf({ IMNOT_ADMIN_KEY: key, IMNOT_ADMIN_KEY_PREVIOUS: `${key}2` })).toEqual([key, `${key}2`])
  expect(await keysOf({ IMNOT_ADMIN_KEY: '', IMNOT_ADMIN_KEY_FILE: 'key.txt' })).toEqual([key])
  expect(await keysOf({ IMNOT_ADMIN_KEY: ' ' })).toEqual([])
  expect((await faultsOf({ cwd, env: { IMNOT_ADMIN_KEY: 'short' } }))[0]).toBe('ADMIN_KEY_WEAK')
  expect((await faultsOf({ cwd, env: { IMNOT_ADMIN_KEY_FILE: 'none.txt' } }))[1]).toMatch(
    /IMNOT_ADMIN_KEY_FILE names a file/,
  )
})

test('unknown variables, a missing folder and a password in the file are warnings', async () => {
  const cwd = await project({ 'imnot.yaml': 'storage: postgres://imnot:pw@db/imnot\npartners_dir: none\n' })
  const env = { IMNOT_PROT: '1', IMNOT_COLOUR_OF_THE_SKY: 'x', IMNOT_TEST_REDIS_URL: 'x', OTHER: 'x' }
  expect((await readConfig({ cwd, env })).warnings).toEqual([
    'IMNOT_PROT is no setting and has no effect; did you mean IMNOT_PORT?',
    'IMNOT_COLOUR_OF_THE_SKY is no setting and has no effect.',
    `There is no folder ${join(cwd, 'none')}; imnot starts without partners from files.`,
    `${join(cwd, 'imnot.yaml')} holds a password in storage; set IMNOT_STORAGE in the environment instead.`,
  ])
})

test('a named configuration file that is missing is a fault', async () => {
  const cwd = await project()
  expect((await faultsOf({ cwd, env: {}, flags: { config: 'none.yaml' } }))[1]).toMatch(/none\.yaml could not be read/)
})

test('the JSON Schema knows the keys and refuses others', () => {
  expect(configJsonSchema()).toMatchObject({
    type: 'object',
    additionalProperties: false,
    properties: { port: { type: 'integer' }, callbacks: { type: 'object' } },
  })
  expect(configJsonSchema()).not.toHaveProperty('required')
})

test('the encryption key comes from the environment or a file, with the previous one beside it', async () => {
  const cwd = await project({ 'key.txt': 'from-the-file\n' })
  expect(
    await readConfig({ cwd, env: { IMNOT_ENCRYPTION_KEY: '  ', IMNOT_ENCRYPTION_KEY_PREVIOUS: 'old' } }),
  ).toMatchObject({
    encryption: null,
    warnings: [],
  })
  const file = { IMNOT_ENCRYPTION_KEY_FILE: 'key.txt', IMNOT_ENCRYPTION_KEY_PREVIOUS: 'old' }
  expect(await readConfig({ cwd, env: file })).toMatchObject({
    encryption: { key: 'from-the-file\n', previousKeys: ['old'] },
  })
  expect(await readConfig({ cwd, env: { ...file, IMNOT_ENCRYPTION_KEY: 'direct' } })).toMatchObject({
    encryption: { key: 'direct' },
  })
  expect(await faultsOf({ cwd, env: { IMNOT_ENCRYPTION_KEY_FILE: 'none' } })).toEqual([
    'CONFIG_INVALID',
    expect.stringContaining('IMNOT_ENCRYPTION_KEY_FILE names a file that cannot be read'),
  ])
})

test('modules of patterns are looked for beside what names them, packages by their names', async () => {
  const cwd = await project({ 'a/imnot.yaml': 'patterns: [./p/queue.js, "@acme/patterns", lottery]', 'a/b/x.txt': '' })
  const inner = join(cwd, 'a/b')
  const named = [join(cwd, 'a/p/queue.js'), '@acme/patterns', 'lottery']
  expect((await readConfig({ cwd: inner, env: {} })).patterns).toEqual(named)
  const env = { IMNOT_PATTERNS: './one.mjs, two' }
  expect((await readConfig({ cwd: inner, env })).patterns).toEqual([join(inner, 'one.mjs'), 'two'])
  expect((await readConfig({ cwd: inner, env, flags: { pattern: ['three.js'] } })).patterns).toEqual([
    join(inner, 'three.js'),
  ])
})
