import { Buffer } from 'node:buffer'

/** Text in which `{id}` stands for the flow's id, split once so that an answer only joins. */
export type IdTemplate = (id: string) => string

export function idTemplate(text: string): IdTemplate {
  const pieces = text.split('{id}')
  return pieces.length === 1 ? () => text : (id) => pieces.join(id)
}

/** As `idTemplate`, for JSON: the id is escaped as it has to be within a JSON string. */
export function idTemplateOfJson(value: unknown): (id: string) => Uint8Array {
  const template = idTemplate(JSON.stringify(value))
  return (id) => Buffer.from(template(JSON.stringify(id).slice(1, -1)))
}

/** A copy of the object with the value at a dotted path; objects on the way are made where they are missing. */
export function withValueAt(object: unknown, path: string, value: unknown): Record<string, unknown> {
  const [name = '', ...rest] = path.split('.')
  const members = isObject(object) ? object : {}
  const inner =
    rest.length === 0 ? value : withValueAt(Object.hasOwn(members, name) ? members[name] : {}, rest.join('.'), value)
  return Object.defineProperty({ ...members }, name, {
    value: inner,
    enumerable: true,
    configurable: true,
    writable: true,
  })
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
