import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { afterEach, expect, test } from 'vitest'

const main = join(import.meta.dirname, '..', 'src', 'main.ts')
const tsx = import.meta.resolve('tsx')
const folders: string[] = []
const children: ChildProcess[] = []

afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL')
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true })
})

function start(env: Record<string, string>) {
  const cwd = mkdtempSync(join(tmpdir(), 'imnot-server-'))
  folders.push(cwd)
  const child = spawn(process.execPath, ['--conditions=imnot-source', '--import', tsx, main], {
    cwd,
    env: { PATH: process.env.PATH ?? '', ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  children.push(child)
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
  const nextLine = async () => JSON.parse((await lines.next()).value ?? '{}') as Record<string, unknown>
  return { child, nextLine }
}

test('listens where the environment says, logs JSON lines, asks for the key, and ends with 0 on SIGTERM', async () => {
  const key = 'k'.repeat(32)
  const { child, nextLine } = start({ IMNOT_PORT: '0', IMNOT_ADMIN_KEY: key })
  const listening = await nextLine()
  expect(listening).toMatchObject({ level: 'info', message: 'listening', storage: 'sqlite' })
  const url = String(listening.url)

  expect((await fetch(`${url}/healthz`)).status).toBe(200)
  expect((await fetch(`${url}/imnot/admin/sessions`)).status).toBe(401)
  const headers = { authorization: `Bearer ${key}` }
  expect(await (await fetch(`${url}/imnot/admin/sessions`, { headers })).json()).toEqual([])

  child.kill('SIGTERM')
  expect(await once(child, 'exit')).toEqual([0, null])
})

test('does not listen beyond loopback without an admin key: exit 78 and a line that names the variable', async () => {
  const { child, nextLine } = start({ IMNOT_PORT: '0' })
  const exit = once(child, 'exit')
  expect(await nextLine()).toMatchObject({
    level: 'error',
    code: 'ADMIN_KEY_REQUIRED',
    message: expect.stringContaining('IMNOT_ADMIN_KEY'),
  })
  expect(await exit).toEqual([78, null])
})
