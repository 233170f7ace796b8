import { isVariable, type Variable } from './variable.ts'

/** How Postman is told to put a variable's value in a text. */
export function placeholder({ name }: Variable): string {
  return `{{${name}}}`
}

/**
 * JSON in which Postman sees no variables but ours. Two braces in a row stand only in strings there, where an escape
 * means the same.
 */
export function inertJson(value: unknown, indent = ''): string {
  if (isVariable(value)) return JSON.stringify(placeholder(value))
  if (typeof value !== 'object' || value === null) return inertText(JSON.stringify(value) ?? 'null')
  const deeper = `${indent}  `
  if (Array.isArray(value)) {
    const items = value.map((item) => `${deeper}${inertJson(item, deeper)}`)
    return items.length === 0 ? '[]' : `[\n${items.join(',\n')}\n${indent}]`
  }
  const members = Object.entries(value).map(
    ([name, member]) => `${deeper}${inertText(JSON.stringify(name))}: ${inertJson(member, deeper)}`,
  )
  return members.length === 0 ? '{}' : `{\n${members.join(',\n')}\n${indent}}`
}

/** A piece of a URL, with every brace encoded. */
export function inertUrlPart(value: string | Variable): string {
  return isVariable(value) ? placeholder(value) : encodeURIComponent(value)
}

function inertText(json: string): string {
  return json.replaceAll('{{', '{\\u007b')
}
