import type { EngineRequest } from '../http/messages.ts'
import type { Grant } from '../oauth/grant.ts'
import type { Token, Tokens } from '../tokens/tokens.ts'

/** What a request proves about where it belongs, found out before anything of the storage is read. */
export interface Credential {
  /** The token that it carries, expired or not; null where it carries none that imnot issued. */
  readonly token: Token | null
  /** What the code, the device code or the refresh token in it says; null where it carries none. */
  readonly grant: Grant | null
}

export const noCredential: Credential = { token: null, grant: null }

/** What follows the scheme in `Authorization: Bearer …`; null where the header has another scheme, or is not there. */
export function bearerOf({ headers }: Pick<EngineRequest, 'headers'>): string | null {
  const [, text = null] = /^bearer +(\S+) *$/i.exec(headers.get('authorization') ?? '') ?? []
  return text
}

/** The token of `Authorization`, or of where the endpoint says that it is. */
export async function readCredential(
  tokens: Tokens,
  request: EngineRequest,
  carried: string | null,
): Promise<Credential> {
  const text = carried ?? bearerOf(request)
  const token = text === null ? null : await tokens.recognise(text)
  return token === null ? noCredential : { token, grant: null }
}
