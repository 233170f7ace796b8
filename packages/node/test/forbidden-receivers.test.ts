import { createServer } from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import { createOutbound, type ResolveName } from '../src/outbound/outbound.ts'

/** A listener on every address of this machine, of both families, that counts who connects to it. */
async function trap() {
  let connections = 0
  const server = createServer((socket) => {
    connections += 1
    socket.destroy()
  })
  await new Promise<void>((resolve) => server.listen(0, resolve))
  onTestFinished(() => new Promise((resolve) => void server.close(() => resolve())))
  const address = server.address()
  return { port: typeof address === 'object' ? address?.port : 0, connections: () => connections }
}

const names: Readonly<Record<string, readonly string[]>> = {
  'local.test': ['127.0.0.1'],
  'local6.test': ['::1'],
  'mapped.test': ['::ffff:127.0.0.1'],
  'private.test': ['10.0.0.1'],
  'metadata.test': ['169.254.169.254'],
  'mixed.test': ['93.184.216.34', '127.0.0.1'],
  'zero.test': ['0.0.0.0'],
}

/** Where other machines reach imnot, each of these is denied: this machine is listening on every address that they mean. */
test.each([
  ...[
    '127.0.0.1',
    '127.1',
    '127.0.1',
    '127.255.255.254',
    '2130706433',
    '017700000001',
    '0x7f000001',
    '0x7f.1',
    '0177.0.0.1',
  ],
  ...[
    '0x7F.0x0.0x0.0x1',
    '127.000.000.001',
    '0',
    '0.0.0.0',
    '0x0',
    '00000000',
    '%31%32%37.0.0.1',
    '①②⑦.0.0.1',
    '127。0。0。1',
  ],
  ...['127.0.0.1.', '[::1]', '[::]', '[0:0:0:0:0:0:0:1]', '[::127.0.0.1]', '[::ffff:127.0.0.1]', '[::ffff:7f00:1]'],
  ...['[::ffff:0:127.0.0.1]', '[64:ff9b::127.0.0.1]', '[64:ff9b:1::7f00:1]', '[2002:7f00:1::]', '[2001:0:7f00:1::]'],
  ...['[2600::5efe:127.0.0.1]', '[::0.0.0.0]', '10.0.0.1', '192.168.0.1', '172.16.0.1', '[fe80::1]', '[fc00::1]'],
  ...[
    '169.254.169.254',
    '2852039166',
    '[fd00:ec2::254]',
    'localhost',
    'LOCALHOST.',
    'local.test',
    'local6.test',
    'local.test.',
  ],
  ...['mapped.test', 'private.test', 'metadata.test', 'mixed.test', 'zero.test'],
])('http://%s is denied and no connection is made', async (host) => {
  const { port, connections } = await trap()
  const lookup: ResolveName = async (name) => {
    const addresses = names[name.toLowerCase().replace(/\.$/, '')] ?? ['127.0.0.1']
    return addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 }))
  }
  const calls = createOutbound({ allowLocal: false, lookup, timeoutMs: 2000 })
  onTestFinished(() => calls.close())
  const call = { method: 'POST', url: `http://${host}:${port}/hook`, headers: [], body: new Uint8Array(0) }
  await expect(calls.send(call)).rejects.toMatchObject({ code: 'EGRESS_DENIED' })
  expect(connections()).toBe(0)
})

test.each([
  ...['ftp', 'file', 'gopher', 'ws', 'data', 'javascript', 'unix'].map((scheme) => `${scheme}://HOST/`),
  ...['http://user:secret@HOST/', 'http://user@HOST/', '//HOST/', '/hook', 'HOST', 'http://', 'http://[fe80::1%25lo]/'],
])('%s is denied and no connection is made', async (form) => {
  const { port, connections } = await trap()
  const calls = createOutbound({ allowLocal: true, timeoutMs: 2000 })
  onTestFinished(() => calls.close())
  const call = { method: 'POST', url: form.replace('HOST', `127.0.0.1:${port}`), headers: [], body: new Uint8Array(0) }
  await expect(calls.send(call)).rejects.toMatchObject({ code: 'EGRESS_DENIED' })
  expect(connections()).toBe(0)
})

test('a name that answers another address the second time leads nowhere else', async () => {
  const { port, connections } = await trap()
  let asked = 0
  const rebinding: ResolveName = async () => {
    asked += 1
    return [{ address: asked === 1 ? '192.0.2.1' : '127.0.0.1', family: 4 }]
  }
  const calls = createOutbound({ allowLocal: false, lookup: rebinding, timeoutMs: 500 })
  onTestFinished(() => calls.close())
  const call = { method: 'POST', url: `http://rebind.test:${port}/`, headers: [], body: new Uint8Array(0) }
  for (let time = 0; time < 2; time++) await expect(calls.send(call)).rejects.toMatchObject({ code: 'EGRESS_DENIED' })
  expect([asked, connections()]).toEqual([2, 0])
})
