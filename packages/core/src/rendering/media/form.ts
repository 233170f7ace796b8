import { isMapping } from '../read-member.ts'
import { toText } from '../to-text.ts'

/** A mapping as a form; what is nested is bracketed, `guest[name]=Ada`, and a list is its name several times. */
export function writeForm(value: unknown): string {
  const form = new URLSearchParams()
  if (isMapping(value)) for (const [name, member] of Object.entries(value)) append(form, name, member)
  return form.toString()
}

function append(form: URLSearchParams, name: string, value: unknown): void {
  if (Array.isArray(value)) {
    value.forEach((item, index) => {
      append(form, isMapping(item) ? `${name}[${index}]` : name, item)
    })
  } else if (isMapping(value)) {
    for (const [member, inner] of Object.entries(value)) append(form, `${name}[${member}]`, inner)
  } else form.append(name, toText(value))
}
