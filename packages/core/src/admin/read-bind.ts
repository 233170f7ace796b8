import type { ClientCredential } from '../sessions/credentials.ts'
import { type BindingKind, bindingKinds } from '../sessions/session-rule.ts'

const most = 50
const longest = 500

/** The credentials that `bind` names, one or a list of each kind; or what is wrong with it. */
export function readBind(bind: unknown): readonly ClientCredential[] | string {
  if (typeof bind !== 'object' || bind === null || Array.isArray(bind)) {
    return 'bind must be an object of client_id, api_key, basic and host, such as {"client_id": "acme-test-7"}.'
  }
  const found = new Map<string, ClientCredential>()
  for (const [kind, declared] of Object.entries(bind)) {
    if (!isKind(kind)) return `A session cannot be bound to "${kind}"; it can to ${bindingKinds.join(', ')}.`
    for (const text of [declared].flat()) {
      if (typeof text !== 'string' || !isCredential(text))
        return `bind.${kind} must be ${kinds[kind]}, as text of 1 to ${longest} printable characters, or a list of them.`
      const value = kind === 'host' ? text.toLowerCase() : text
      if (kind === 'host' && !isHost(value))
        return `bind.host must be a host name, with a port or without, such as "int-4211.mock.example.com"; found "${text}".`
      found.set(`${kind} ${value}`, { kind, value })
    }
  }
  if (found.size > most) return `A session can be bound to ${most} credentials; found ${found.size}.`
  return [...found.values()]
}

const kinds: Readonly<Record<BindingKind, string>> = {
  client_id: 'the id of an OAuth client',
  api_key: 'an API key, wherever it is sent',
  basic: 'the user of Basic authentication, without the password',
  host: 'the host name that the client calls',
}

function isKind(kind: string): kind is BindingKind {
  return (bindingKinds as readonly string[]).includes(kind)
}

function isCredential(text: string): boolean {
  return text.length <= longest && /^[^\p{C}]+$/u.test(text) && text.trim() === text
}

function isHost(text: string): boolean {
  return /^(\[[0-9a-f:.]+\]|[a-z0-9_]([a-z0-9._-]*[a-z0-9_])?)(:\d{1,5})?$/.test(text)
}
