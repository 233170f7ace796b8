import { randomBytes } from 'node:crypto'
import { keys } from './keys.ts'
import type { Storage } from './ports/storage.ts'
import { assertUnsealed } from './storage/encryption/sealed-body.ts'

/** Keys of the server's own, made once and shared by all nodes through the storage. */
export interface Secrets {
  /** The bytes of this name; the first node that asks makes them. */
  bytes(name: string, make?: () => Promise<Uint8Array>): Promise<Uint8Array>
}

export function createSecrets(storage: Storage): Secrets {
  const found = new Map<string, Promise<Uint8Array>>()

  async function readOrMake(name: string, make: () => Promise<Uint8Array>): Promise<Uint8Array> {
    const key = keys.secret(name)
    const [stored] = await storage.get([key])
    if (stored?.body !== undefined) return usable(stored.body)
    const made = await make()
    const result = await storage.write([{ type: 'put', key, value: null, body: made, expect: 'absent' }])
    if (result.ok) return made
    // Another node was first; its bytes are the ones that everybody uses.
    return usable(result.conflict.current?.body ?? made)
  }

  return {
    bytes(name, make = async () => randomBytes(32)) {
      const known = found.get(name)
      if (known !== undefined) return known
      const reading = readOrMake(name, make)
      found.set(name, reading)
      // Only success is remembered.
      reading.catch(() => found.delete(name))
      return reading
    },
  }
}

/** A node without the encryption key would sign with the ciphertext, and no other node could check it. */
function usable(bytes: Uint8Array): Uint8Array {
  assertUnsealed(bytes)
  return bytes
}
