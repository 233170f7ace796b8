import { text } from './leaf.ts'

const segment = String.raw`(?!\.{1,2}(/|$))[^/\\\0]+`

/** A file that stands beside the definition. Where it leads in truth is looked at when it is read. */
export const fileName = text(
  'a path inside the folder of the definition, such as payloads/invoice.json',
  new RegExp(`^${segment}(/${segment})*$`),
)
