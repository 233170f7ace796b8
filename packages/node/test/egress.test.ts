import { isImnotError } from '@imnot/core'
import { describe, expect, test } from 'vitest'
import { createEgressRules, hostOf } from '../src/outbound/egress.ts'

const lenient = createEgressRules({ allowLocal: true })
const strict = createEgressRules({ allowLocal: false })

/** As a callback with an address in its URL is checked. */
function call(rules: typeof strict, url: string): string | null {
  try {
    const host = hostOf(rules.readReceiver(url))
    rules.assertAllowed(host, host)
    return null
  } catch (error) {
    if (!isImnotError(error, 'EGRESS_DENIED')) throw error
    return error.message
  }
}

describe('addresses that no setting allows', () => {
  test.each([
    'http://169.254.169.254/latest/meta-data',
    'http://169.254.169.254./',
    'http://169.254.170.2/',
    'http://2852039166/',
    'http://0xa9fea9fe/',
    'http://0xa9.0xfe.0xa9.0xfe/',
    'http://0251.0376.0251.0376/',
    'http://0251.254.43518/',
    'http://169.254.43518/',
    'http://169.16689662/',
    'http://%31%36%39.254.169.254/',
    'http://①⑥⑨.254.169.254/',
    'http://169。254。169。254/',
    'http://[::ffff:169.254.169.254]/',
    'http://[::ffff:a9fe:a9fe]/',
    'http://[0:0:0:0:0:ffff:a9fe:a9fe]/',
    'http://[::169.254.169.254]/',
    'http://[::ffff:0:169.254.169.254]/',
    'http://[64:ff9b::169.254.169.254]/',
    'http://[64:ff9b::a9fe:a9fe]/',
    'http://[64:ff9b:1::169.254.169.254]/',
    'http://[64:ff9b:1:a9fe:a9:fe00::]/',
    'http://[2002:a9fe:a9fe::1]/',
    'http://[2001:0:a9fe:a9fe::1]/',
    'http://[2001:0:808:808:0:0:5601:5601]/',
    'http://[2600::5efe:169.254.169.254]/',
    'http://[2600::200:5efe:a9fe:a9fe]/',
    'http://[fe80::1]/',
    'http://[febf::1]/',
    'http://[fd00:ec2::254]/',
    'http://[fd00:ec2:0:0::23]/',
    'http://[fd20:ce::254]/',
    'http://168.63.129.16/',
    'http://0xa83f8110/',
    'http://100.100.100.200/',
    'http://192.0.0.192/',
    'http://0.0.0.0/',
    'http://0/',
    'http://0x0/',
    'http://[::]/',
    'http://[::ffff:0.0.0.0]/',
    'http://224.0.0.1/',
    'http://239.255.255.250/',
    'http://255.255.255.255/',
    'http://240.0.0.1/',
    'http://[ff02::1]/',
    'http://[100::1]/',
    'http://[2001:db8::1]/',
  ])('%s is denied, also where local receivers are allowed', (url) => {
    expect(call(lenient, url)).toMatch(/which imnot never calls/)
    expect(call(createEgressRules({ allowLocal: false, allow: ['0.0.0.0/0', '::/0'] }), url)).toMatch(/never calls/)
  })
})

describe('loopback and private addresses', () => {
  test.each([
    'http://127.0.0.1:8080/',
    'http://127.1/',
    'http://2130706433/',
    'http://0x7f.1/',
    'http://0177.0.0.1/',
    'http://127.255.255.254/',
    'http://[::1]/',
    'http://[0:0:0:0:0:0:0:1]/',
    'http://[::127.0.0.1]/',
    'http://[::ffff:127.0.0.1]/',
    'http://[::ffff:7f00:1]/',
    'http://[64:ff9b::7f00:1]/',
    'http://[2002:7f00:1::]/',
    'http://10.0.0.1/',
    'http://012.0.0.1/',
    'http://172.16.0.1/',
    'http://172.31.255.255/',
    'http://192.168.1.1/',
    'http://3232235777/',
    'http://100.64.0.1/',
    'http://[fc00::1]/',
    'http://[fdff::1]/',
    'http://[fec0::1]/',
  ])('%s needs a permission, and the denial names the setting', (url) => {
    expect(call(strict, url)).toMatch(/add ".+" to callbacks\.allow/)
    expect(call(lenient, url)).toBeNull()
  })

  test.each([
    ['10.1.2.3', 'http://10.1.2.3/'],
    ['10.0.0.0/8', 'http://10.1.2.3/'],
    ['10.0.0.0/8', 'http://[::ffff:10.1.2.3]/'],
    ['::1', 'http://[::1]/'],
    ['fd12::/16', 'http://[fd12::5]/'],
  ])('%s in callbacks.allow permits %s', (entry, url) => {
    expect(call(createEgressRules({ allowLocal: false, allow: [entry] }), url)).toBeNull()
  })

  test('a permission for one address permits no other', () => {
    expect(call(createEgressRules({ allowLocal: false, allow: ['10.1.2.3'] }), 'http://10.1.2.4/')).toMatch(
      /10\.1\.2\.4/,
    )
  })

  test('a permitted name may be local, but never a metadata service', () => {
    const rules = createEgressRules({ allowLocal: false, allow: ['hooks', '*.corp.example'] })
    expect(() => rules.assertAllowed('hooks', '10.0.0.1')).not.toThrow()
    expect(() => rules.assertAllowed('a.b.corp.example', '10.0.0.1')).not.toThrow()
    expect(() => rules.assertAllowed('corp.example', '10.0.0.1')).toThrow(/callbacks\.allow/)
    expect(() => rules.assertAllowed('evilcorp.example', '10.0.0.1')).toThrow(/callbacks\.allow/)
    expect(() => rules.assertAllowed('hooks', '169.254.169.254')).toThrow(/never calls/)
  })
})

test.each([
  'http://8.8.8.8/',
  'https://example.com/',
  'http://[2606:4700::1111]/',
  'http://172.32.0.1/',
  'http://11.0.0.1/',
])('%s is public', (url) => {
  const rules = createEgressRules({ allowLocal: false })
  const host = hostOf(rules.readReceiver(url))
  expect(() => rules.assertAllowed(host, host === 'example.com' ? '93.184.216.34' : host)).not.toThrow()
})

test.each([
  ['ftp://example.com/', /only http and https/],
  ['file:///etc/passwd', /only http and https/],
  ['http://user:secret@example.com/', /user name or password/],
  ['http://user@example.com/', /user name or password/],
  ['/relative', /not an absolute URL/],
  ['http://[fe80::1%25eth0]/', /not an absolute URL/],
])('%s is no receiver', (url, message) => {
  expect(call(lenient, url)).toMatch(message)
})

test.each(['http://host', 'host:8080', '10.0.0.0/99', '*', ''])('callbacks.allow refuses the entry "%s"', (entry) => {
  expect(() => createEgressRules({ allowLocal: false, allow: [entry] })).toThrow(/host names, \*\.suffix/)
})
