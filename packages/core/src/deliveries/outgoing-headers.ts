import type { DeliveryValue } from './delivery-record.ts'
import { sign } from './signing/sign.ts'

/** What one attempt sends: what imnot says of itself, what the definition declares, and last the signature over it all. */
export async function outgoingHeaders(value: DeliveryValue, body: Uint8Array, at: number): Promise<string[]> {
  const { id, url, headers, signing } = value
  const contentType = value.contentType ?? ''
  const own = ['user-agent', 'imnot', 'x-imnot-delivery', id]
  if (contentType !== '') own.unshift('content-type', contentType)
  const sent = withoutNames(own, headers).concat(headers)
  if (signing === null) return sent
  const signature = await sign({ id, url, contentType, body, at }, signing)
  return withoutNames(sent, signature).concat(signature)
}

/** The headers of the first list that the second does not have. */
function withoutNames(headers: readonly string[], others: readonly string[]): string[] {
  const taken = new Set(others.filter((_, index) => index % 2 === 0).map((name) => name.toLowerCase()))
  return headers.filter((_, index) => !taken.has((headers[index - (index % 2)] ?? '').toLowerCase()))
}
