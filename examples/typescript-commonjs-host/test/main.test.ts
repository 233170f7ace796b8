import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { beforeAll, expect, onTestFinished, test } from 'vitest'

const folder = join(import.meta.dirname, '..')
const tsc = createRequire(import.meta.url).resolve('typescript/bin/tsc')

beforeAll(() => {
  execFileSync(process.execPath, [tsc, '-p', folder, '--noEmit', 'false'], { stdio: 'inherit' })
}, 120_000)

test('the compiled service mounts imnot, with the ES modules that it needs, and gets a token from it', async () => {
  const service = spawn(process.execPath, [join(folder, 'dist/main.js')], {
    env: { PATH: process.env.PATH ?? '', PORT: '0' },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  onTestFinished(async () => {
    service.kill()
    await once(service, 'exit')
  })
  const [url] = (await once(createInterface(service.stdout), 'line')) as [string]
  expect(await (await fetch(`${url}/token`)).json()).toEqual({ parts: 3 })
  expect((await fetch(`${url}/mock/imnot/admin/sessions`)).status).toBe(404)
})
