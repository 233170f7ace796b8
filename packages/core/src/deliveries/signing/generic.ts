import { Buffer } from 'node:buffer'
import { createHmac, createPrivateKey, createSign, type KeyObject } from 'node:crypto'
import { withLibraries } from '../../libraries.ts'
import { createScope, withLocals } from '../../rendering/scope.ts'
import { compileTemplate } from '../../rendering/template.ts'
import { toText } from '../../rendering/to-text.ts'
import { parseBody } from '../../request/parse-body.ts'
import { type KeyEncoding, type Signer, timestampOf } from './signing.ts'

/** A signature of any making: the definition says what is signed, how, and in which headers it travels. */
export const signGeneric: Signer = async (signed, signing) => {
  const { algorithm = 'sha256', encoding = 'hex', payload, headers = {} } = signing
  const covered = textOf(signed.body)
  const values = {
    timestamp: timestampOf(signed),
    url: signed.url,
    id: signed.id,
    text: covered.text,
    get data() {
      return parseBody(signed.body, signed.contentType, () => covered.text)
    },
  }
  const bytes = payload === undefined ? signed.body : Buffer.from(await render(payload, values), covered.charset)
  const key = Buffer.from(signing.key, signing.keyEncoding ?? 'utf8')
  const signature =
    signing.scheme === 'hmac'
      ? createHmac(algorithm, key).update(bytes).digest(encoding)
      : createSign(algorithm)
          .update(bytes)
          .sign(privateKey(signing.scheme, key, signing.keyEncoding), encoding)
  const sent: string[] = []
  for (const [name, template] of Object.entries(headers)) {
    sent.push(name, await render(template, { ...values, signature }))
  }
  return sent
}

/** Text that turns into the same bytes again, also where they are no UTF-8. */
function textOf(body: Uint8Array): { readonly text: string; readonly charset: 'utf8' | 'latin1' } {
  try {
    return { text: new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(body), charset: 'utf8' }
  } catch {
    return { text: Buffer.from(body).toString('latin1'), charset: 'latin1' }
  }
}

async function render(template: string, values: Readonly<Record<string, unknown>>): Promise<string> {
  const renderer = await withLibraries(() => compileTemplate(template))
  return toText(renderer(withLocals(createScope({}), values)))
}

/** PEM, or (in base64 or hex) the DER of PKCS #8. */
function privateKey(scheme: string, key: Buffer, encoding: KeyEncoding | undefined): KeyObject {
  const isPem = encoding === undefined || encoding === 'utf8' || key.includes('-----BEGIN')
  const parsed = createPrivateKey(isPem ? key : { key, format: 'der', type: 'pkcs8' })
  const type = scheme === 'ecdsa' ? 'ec' : scheme
  if (parsed.asymmetricKeyType !== type) {
    throw new Error(`the scheme ${scheme} needs a private key of its kind, found one of ${parsed.asymmetricKeyType}`)
  }
  return parsed
}
