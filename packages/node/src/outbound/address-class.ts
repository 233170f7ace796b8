import ipaddr from 'ipaddr.js'

/**
 * `local`: loopback and private ranges, callable by permission. `never`: link-local, the metadata services of clouds,
 * and addresses that name no single host; no setting allows them.
 */
export type AddressClass = 'public' | 'local' | 'never'

type Address = ipaddr.IPv4 | ipaddr.IPv6

/** What an address is, whichever way it is written. Text that is no address is `never`. */
export function classifyAddress(text: string): AddressClass {
  const address = parseAddress(text)
  return address === null ? 'never' : strictest(meanings(address).map(classify))
}

/** Null for what is no address. A zone (`%eth0`) does not change what an address is. */
export function parseAddress(text: string): Address | null {
  const plain = text.replace(/%.*$/, '')
  return ipaddr.isValid(plain) ? ipaddr.parse(plain) : null
}

/** The address itself, or the IPv4 addresses that it carries: a translator on the way would call those. */
export function meanings(address: Address): readonly Address[] {
  if (address.kind() === 'ipv4') return [address]
  const bytes = address.toByteArray()
  const carrier = carriers.find(({ prefix }) => isWithin(address, prefix))
  if (carrier !== undefined) return carrier.carried(bytes)
  return isIsatap(bytes) ? [ipv4(bytes.slice(12))] : [address]
}

interface Carrier {
  readonly prefix: string
  carried(bytes: readonly number[]): readonly Address[]
}

const lastFour = (bytes: readonly number[]) => [ipv4(bytes.slice(12))]

const carriers: readonly Carrier[] = [
  // IPv4-mapped and IPv4-translated: RFC 4291, section 2.5.5.2; RFC 7915.
  { prefix: '::ffff:0:0/96', carried: lastFour },
  { prefix: '::ffff:0:0:0/96', carried: lastFour },
  // NAT64: RFC 6052. Within the prefix for local use the network decides where the IPv4 address stands.
  { prefix: '64:ff9b::/96', carried: lastFour },
  { prefix: '64:ff9b:1::/48', carried: localNat64 },
  // 6to4: RFC 3056.
  { prefix: '2002::/16', carried: (bytes) => [ipv4(bytes.slice(2, 6))] },
  // Teredo: RFC 4380, the server's address and the client's, which is inverted.
  {
    prefix: '2001::/32',
    carried: (bytes) => [ipv4(bytes.slice(4, 8)), ipv4(bytes.slice(12).map((byte) => byte ^ 255))],
  },
]

/** RFC 6052, section 2.2: prefixes of 48, 56, 64 and 96 bits; byte 8 is skipped. */
function localNat64(bytes: readonly number[]): readonly Address[] {
  const places = [
    [6, 7, 9, 10],
    [7, 9, 10, 11],
    [9, 10, 11, 12],
    [12, 13, 14, 15],
  ]
  const all = places.map((place) => place.map((index) => bytes[index] ?? 0))
  const used = all.filter((place) => place.some((byte) => byte !== 0))
  return (used.length === 0 ? all : used).map(ipv4)
}

/** RFC 5214, section 6.1. */
function isIsatap(bytes: readonly number[]): boolean {
  return ((bytes[8] ?? 0) & 0xfd) === 0 && bytes[9] === 0 && bytes[10] === 0x5e && bytes[11] === 0xfe
}

function ipv4(bytes: readonly number[]): ipaddr.IPv4 {
  return new ipaddr.IPv4([...bytes])
}

const neverRanges = [
  '0.0.0.0/8',
  '169.254.0.0/16',
  '224.0.0.0/4',
  '240.0.0.0/4',
  // Documentation, protocol assignments (Oracle's metadata is 192.0.0.192), the retired 6to4 relays.
  '192.0.0.0/24',
  '192.0.2.0/24',
  '198.51.100.0/24',
  '203.0.113.0/24',
  '192.88.99.0/24',
  // Metadata: Azure, Alibaba.
  '168.63.129.16/32',
  '100.100.100.200/32',
  'fe80::/10',
  'ff00::/8',
  // Metadata: Amazon, Google, Oracle, Scaleway.
  'fd00:ec2::/32',
  'fd20:ce::/32',
  'fd00:c1::/32',
  'fd00:42::/32',
  // Documentation, and addresses that are no hosts.
  '2001:db8::/32',
  '3fff::/20',
  '2001:10::/28',
  '2001:20::/28',
]

const localRanges = [
  '127.0.0.0/8',
  '10.0.0.0/8',
  '172.16.0.0/12',
  '192.168.0.0/16',
  '100.64.0.0/10',
  '198.18.0.0/15',
  '::1/128',
  'fc00::/7',
  'fec0::/10',
]

function classify(address: Address): AddressClass {
  if (neverRanges.some((range) => isWithin(address, range))) return 'never'
  if (localRanges.some((range) => isWithin(address, range))) return 'local'
  // Beyond 2000::/3 nothing is routed; `::a.b.c.d`, the oldest way to carry an IPv4 address, is there too.
  if (address.kind() === 'ipv6' && !isWithin(address, '2000::/3')) return classifyCompatible(address)
  return 'public'
}

function classifyCompatible(address: Address): AddressClass {
  return isWithin(address, '::/96') ? classify(ipv4(address.toByteArray().slice(12))) : 'never'
}

const parsedRanges = new Map<string, [Address, number]>()

export function isWithin(address: Address, range: string): boolean {
  const parsed = parsedRanges.get(range) ?? ipaddr.parseCIDR(range)
  parsedRanges.set(range, parsed)
  const [network, bits] = parsed
  return address.kind() === network.kind() && address.match(network, bits)
}

function strictest(classes: readonly AddressClass[]): AddressClass {
  if (classes.includes('never')) return 'never'
  return classes.includes('local') ? 'local' : 'public'
}
