import type { EngineRequest } from '../http/messages.ts'
import type { Token, Tokens } from '../tokens/tokens.ts'

/** What a request proves about where it belongs, found out before anything of the storage is read. */
export interface Credential {
  /** The token that it carries, expired or not; null where it carries none that imnot issued. */
  readonly token: Token | null
}

export const noCredential: Credential = { token: null }

/** What follows the scheme in `Authorization: Bearer …`; null where the header has another scheme, or is not there. */
export function bearerOf({ headers }: Pick<EngineRequest, 'headers'>): string | null {
  const [, text = null] = /^bearer +(\S+) *$/i.exec(headers.get('authorization') ?? '') ?? []
  return text
}

/** `carried` is the text that an endpoint says is the token, where it is not the one of `Authorization`. */
export async function readCredential(
  tokens: Tokens,
  request: EngineRequest,
  carried: string | null,
): Promise<Credential> {
  const text = carried ?? bearerOf(request)
  const token = text === null ? null : await tokens.recognise(text)
  return token === null ? noCredential : { token }
}
