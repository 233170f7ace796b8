import { readBody } from '../http/body.ts'
import type { EngineRequest, EngineResponse } from '../http/messages.ts'
import { refuse } from '../http/respond.ts'

const limit = 1_048_576

/** The request's JSON object; an empty body is an empty object. A refusal where it is anything else. */
export async function readJsonObject(
  request: EngineRequest,
): Promise<{ readonly object: Readonly<Record<string, unknown>> } | { readonly refusal: EngineResponse }> {
  const text = new TextDecoder().decode(await readBody(request, limit))
  if (text.trim() === '') return { object: {} }
  try {
    const value: unknown = JSON.parse(text)
    if (typeof value === 'object' && value !== null && !Array.isArray(value))
      return { object: value as Record<string, unknown> }
  } catch {
    // Answered below, like any other value that is no object.
  }
  return { refusal: refuse(400, 'Invalid JSON body: expected a JSON object; send one, or no body at all.') }
}
