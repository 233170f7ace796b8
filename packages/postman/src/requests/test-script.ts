import type { PostmanEvent } from '../collection.ts'
import type { Capture, RequestPlan } from './plan.ts'

/** Checks the status of the answer, and keeps what the requests after it need. */
export function testScript({ answer, captures = [], forgets = [] }: RequestPlan): PostmanEvent {
  const status = `pm.test(${JSON.stringify(`answers ${answer.status}`)}, () => pm.response.to.have.status(${answer.status}));`
  const emptied = forgets.map(({ name }) => `pm.collectionVariables.set(${JSON.stringify(name)}, '');`)
  return scriptEvent('test', [status, ...captures.flatMap(captureLines), ...emptied])
}

export function scriptEvent(listen: PostmanEvent['listen'], exec: readonly string[]): PostmanEvent {
  return { listen, script: { type: 'text/javascript', exec } }
}

function captureLines({ variable, from }: Capture): string[] {
  const name = JSON.stringify(variable.name)
  const found = 'header' in from ? fromHeader(from) : fromJson(from.json)
  return [
    `pm.test(${JSON.stringify(`gives ${variable.name}`)}, () => {`,
    `  const found = ${found};`,
    '  pm.expect(found).to.not.be.oneOf([undefined, null]);',
    `  pm.collectionVariables.set(${name}, String(found));`,
    '});',
  ]
}

function fromHeader({ header, value }: { header: string; value: string }): string {
  const expression = `new RegExp(${JSON.stringify(expressionOf(value))})`
  return `(${expression}.exec(pm.response.headers.get(${JSON.stringify(header)})) || [])[1]`
}

function fromJson(path: readonly string[]): string {
  return `${JSON.stringify(path)}.reduce((value, name) => value[name], pm.response.json())`
}

/** The id stands where `{id}` does; a template may have become anything, and a path may lead into a session. */
function expressionOf(value: string): string {
  const pieces = value.split(/(\{\{.*?\}\}|\{id\})/)
  const parts = pieces.map((piece) => {
    if (piece === '{id}') return '(.+)'
    return piece.startsWith('{{') ? '.*' : piece.replaceAll(/[\\^$.*+?()[\]{}|/]/g, '\\$&')
  })
  return `^(?:/imnot/s/[^/]+(?=/))?${parts.join('')}$`
}
