const secretName =
  /(^|[-_])(api[-_]?key|key|token|secret|password|passwd|signature|assertion|code[-_]verifier|device[-_]code)$/i
// Keys of another kind.
const harmless = /^(idempotency-key|sec-websocket-key|accept-signature)$/i

/** Whether a header, a parameter or a field of this name holds a secret, as names go. */
export function isSecretName(name: string): boolean {
  return secretName.test(name) && !harmless.test(name)
}
