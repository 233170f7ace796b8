/** Whether the text is JSON, a scalar included. */
export function isJsonText(text: string): boolean {
  return tryParse(text) !== undefined
}

/** Undefined where the text is no JSON. */
export function tryParse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
