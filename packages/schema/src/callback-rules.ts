import type { DeclaredCallback } from './fields/callbacks.ts'
import { type Problem, prefixProblem, type ValuePath } from './problem.ts'
import { checkBodyFile, checkSplice } from './response-rules.ts'
import { checkVariable } from './variable-rules.ts'

const generic: readonly string[] = ['hmac', 'ecdsa', 'rsa']
const genericKeys = ['algorithm', 'encoding', 'key_encoding', 'payload', 'headers'] as const

/** Rules between the keys of callbacks, wherever they are declared; `path` leads to their list. */
export function checkCallbacks(
  callbacks: readonly DeclaredCallback[] = [],
  path: ValuePath = ['callbacks'],
): Problem[] {
  return callbacks.flatMap((callback, index) => [
    ...checkLoop(callback, [...path, index]),
    ...checkBody(callback, [...path, index]),
    ...checkSign(callback, [...path, index, 'sign']),
  ])
}

function checkLoop(callback: DeclaredCallback, path: ValuePath): Problem[] {
  const { for_each: name, in: list } = callback
  if ((name === undefined) === (list === undefined)) return []
  const [has, lacks] = name === undefined ? ['in', 'for_each'] : ['for_each', 'in']
  const message = `"${has}" needs "${lacks}", e.g. { for_each: hook, in: "{{ request.body.hooks }}", url: "{{ hook.url }}" }.`
  return [{ code: 'missing-key', message, path: [...path, has], at: 'key' }]
}

function checkBody(callback: DeclaredCallback, path: ValuePath): Problem[] {
  const { body, body_file: file, payload, content_type: type, headers } = callback
  const problems = [...checkBodyFile(callback), ...checkSplice(callback)].map((problem) => prefixProblem(path, problem))
  const given = body === undefined ? 'body_file' : 'body'
  if (payload && (body ?? file) !== undefined) {
    const message = `"payload: true" and "${given}" exclude each other: the uploaded payload is the body; keep one.`
    problems.push({ code: 'conflicting-keys', message, path: [...path, given], at: 'key' })
  }
  const header = Object.keys(headers).find((name) => name.toLowerCase() === 'content-type')
  if (header !== undefined && type !== undefined) {
    const message = `"content_type" and the header "${header}" say the same; keep one.`
    problems.push({ code: 'conflicting-keys', message, path: [...path, 'content_type'], at: 'key' })
  }
  return problems
}

function checkSign({ sign }: DeclaredCallback, path: ValuePath): Problem[] {
  if (sign === undefined) return []
  const { scheme, secret, secret_env: variable, prefix, headers } = sign
  const problems: Problem[] = []
  if (secret === undefined && variable === undefined) {
    const message =
      '"sign" needs its key: "secret_env" with the name of an environment variable, or "secret" with a template.'
    problems.push({ code: 'missing-key', message, path })
  } else if (secret !== undefined && variable !== undefined) {
    const message = '"secret_env" and "secret" exclude each other; keep one.'
    problems.push({ code: 'conflicting-keys', message, path: [...path, 'secret'], at: 'key' })
  }
  problems.push(...checkVariable(variable, [...path, 'secret_env']))
  if (prefix !== undefined && scheme !== 'standard-webhooks')
    problems.push(foreign('prefix', 'standard-webhooks', scheme, path))
  if (!generic.includes(scheme)) {
    const given = genericKeys.filter((key) => sign[key] !== undefined)
    problems.push(...given.map((key) => foreign(key, 'hmac, ecdsa and rsa', scheme, path)))
  } else if (!Object.values(headers ?? {}).some((template) => /\bsignature\b/.test(template))) {
    const message = `The scheme ${scheme} needs "headers" that carry the signature, e.g. headers: { X-Signature: "{{ signature }}" }.`
    problems.push({ code: 'missing-key', message, path: headers === undefined ? path : [...path, 'headers'] })
  }
  return problems
}

function foreign(key: string, owners: string, scheme: string, path: ValuePath): Problem {
  const message = `"${key}" is a key of ${owners}, and the scheme ${scheme} says itself how it signs; leave it out.`
  return { code: 'conflicting-keys', message, path: [...path, key], at: 'key' }
}
