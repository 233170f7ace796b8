import { ImnotError } from '@imnot/core'
import { classifyAddress, isWithin, meanings, parseAddress } from './address-class.ts'

export interface EgressOptions {
  /** Whether loopback and private addresses may be called. */
  readonly allowLocal: boolean
  /** Receivers that may be local all the same: `host`, `*.suffix`, an IP address, or a CIDR range. @default [] */
  readonly allow?: readonly string[]
}

export interface EgressRules {
  /** The receiver's URL; throws `EGRESS_DENIED` for one that cannot be called whatever its address is. */
  readReceiver(url: string): URL
  /** Throws `EGRESS_DENIED` unless the address, to which the host name was resolved, may be called. */
  assertAllowed(host: string, address: string): void
}

/** Which receivers may be called. Pure: resolves no name. Throws `CONFIG_INVALID` for an entry that it cannot read. */
export function createEgressRules({ allowLocal, allow = [] }: EgressOptions): EgressRules {
  const permissions = allow.map(readPermission)

  return {
    readReceiver,
    assertAllowed(host, address) {
      const kind = classifyAddress(address)
      if (kind === 'public') return
      const receiver = describe(host, address)
      if (kind === 'never') {
        throw denied(`${receiver} is a link-local, metadata or reserved address, which imnot never calls.`)
      }
      if (allowLocal || permissions.some((permits) => permits(host, address))) return
      throw denied(
        `${receiver} is a loopback or private address; to call it, add "${host}" to callbacks.allow ` +
          '(IMNOT_CALLBACKS_ALLOW in the environment).',
      )
    },
  }
}

/** The host of a URL as the rules take it: no brackets, no trailing dot. */
export function hostOf({ hostname }: URL): string {
  return hostname.replace(/^\[|\]$/g, '').replace(/\.$/, '')
}

function readReceiver(text: string): URL {
  // Also normalises the address: octal, hexadecimal, short and full-width forms become four decimal numbers.
  const url = URL.canParse(text) ? new URL(text) : null
  if (url === null) throw denied('the address of the receiver is not an absolute URL such as https://example.com/hook.')
  if (url.protocol !== 'http:' && url.protocol !== 'https:') {
    throw denied(`only http and https are called, found ${url.protocol.slice(0, -1)}.`)
  }
  if (url.username !== '' || url.password !== '') {
    throw denied('a URL with a user name or password in it is not called; use a header instead.')
  }
  return url
}

type Permission = (host: string, address: string) => boolean

function readPermission(entry: string): Permission {
  const text = entry.trim().toLowerCase()
  const name = /^(\*\.)?([a-z0-9_-]+(?:\.[a-z0-9_-]+)*)\.?$/.exec(text)
  if (isRange(text)) return (_host, address) => addressesOf(address).some((one) => isWithin(one, text))
  if (parseAddress(text) !== null) return (_host, address) => isSameAddress(text, address)
  if (name === null) {
    throw new ImnotError(
      'CONFIG_INVALID',
      `callbacks.allow takes host names, *.suffix, IP addresses and CIDR ranges without scheme and port, found "${entry}".`,
    )
  }
  const [, wildcard, rest = ''] = name
  return wildcard === undefined ? (host) => nameOf(host) === rest : (host) => nameOf(host).endsWith(`.${rest}`)
}

function isRange(text: string): boolean {
  const [address = '', bits = ''] = text.split('/')
  const parsed = parseAddress(address)
  return parsed !== null && /^\d{1,3}$/.test(bits) && Number(bits) <= (parsed.kind() === 'ipv4' ? 32 : 128)
}

function isSameAddress(one: string, other: string): boolean {
  const wanted = addressesOf(one).map(String)
  return addressesOf(other).every((address) => wanted.includes(String(address)))
}

function addressesOf(text: string) {
  const address = parseAddress(text)
  return address === null ? [] : meanings(address)
}

function nameOf(host: string): string {
  return host.toLowerCase().replace(/\.$/, '')
}

function describe(host: string, address: string): string {
  return host === address ? address : `${host} resolves to ${address}, which`
}

function denied(reason: string): ImnotError {
  return new ImnotError('EGRESS_DENIED', `The callback was not sent: ${reason}`)
}
