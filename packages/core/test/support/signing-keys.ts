import { generateKeyPairSync, type KeyObject } from 'node:crypto'

export const ecKeys = () => asPem(generateKeyPairSync('ec', { namedCurve: 'P-256' }))
export const rsaKeys = () => asPem(generateKeyPairSync('rsa', { modulusLength: 2048 }))

function asPem({ privateKey, publicKey }: { readonly privateKey: KeyObject; readonly publicKey: KeyObject }) {
  return {
    privateKey: String(privateKey.export({ type: 'pkcs8', format: 'pem' })),
    publicKey: String(publicKey.export({ type: 'spki', format: 'pem' })),
  }
}
