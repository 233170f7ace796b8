import { ImnotError } from '../../errors.ts'
import { signGeneric } from './generic.ts'
import { signGithub } from './github.ts'
import type { Signed, Signer, Signing, SigningScheme } from './signing.ts'
import { signStandardWebhooks } from './standard-webhooks.ts'
import { signStripe } from './stripe.ts'

const signers: Readonly<Record<SigningScheme, Signer>> = {
  'standard-webhooks': signStandardWebhooks,
  stripe: signStripe,
  github: signGithub,
  hmac: signGeneric,
  ecdsa: signGeneric,
  rsa: signGeneric,
}

/**
 * The headers that prove the sender of these bytes, names and values by turns. Throws `SIGNING_FAILED`; its message never
 * holds the key.
 */
export async function sign(signed: Signed, signing: Signing): Promise<string[]> {
  const { key, scheme, secretEnv } = signing
  if (key === null) throw failed(`${keyPlace(secretEnv)} was empty when the callback was owed.`, secretEnv)
  try {
    return await signers[scheme](signed, { ...signing, key })
  } catch (error) {
    throw failed(`The callback could not be signed with ${scheme}: ${(error as Error).message}.`, secretEnv)
  }
}

function keyPlace(secretEnv: string | null): string {
  return secretEnv === null ? 'The template of its signing secret' : `The variable ${secretEnv} with its signing secret`
}

function failed(cause: string, secretEnv: string | null): ImnotError {
  const remedy =
    secretEnv === null
      ? 'Mend "secret" of its "sign", and make a request that owes it anew.'
      : `Set ${secretEnv} in the environment of imnot, start it again and redeliver the callback.`
  return new ImnotError('SIGNING_FAILED', `${cause} ${remedy}`)
}
