import { readFile } from 'node:fs/promises'
import { type Document, isMap, isNode, isScalar, LineCounter, parseDocument } from 'yaml'
import { type CheckedValues, type ConfigPath, checkValues } from './check-values.ts'

/** Reads `imnot.yaml`; each fault begins with `file:line:col`. */
export async function readConfigFile(path: string): Promise<CheckedValues> {
  let source: string
  try {
    source = await readFile(path, 'utf8')
  } catch (error) {
    return { values: {}, faults: [`${path} could not be read: ${(error as Error).message}.`] }
  }
  const lines = new LineCounter()
  const document = parseDocument(source, { schema: 'core', prettyErrors: false, lineCounter: lines })
  const place = (offset: number) => {
    const { line, col } = lines.linePos(offset)
    return `${path}:${line}:${col}`
  }
  if (document.errors.length > 0) {
    return { values: {}, faults: document.errors.map(({ message, pos: [offset] }) => `${place(offset)} ${message}.`) }
  }
  try {
    // An empty file, or one of comments alone, sets nothing.
    const input: unknown = document.toJS() ?? {}
    return checkValues(input, (at) => `${place(offsetOf(document, at))} ${at.join('.') || 'the file'}`)
  } catch (error) {
    return { values: {}, faults: [`${place(0)} ${(error as Error).message}.`] }
  }
}

/** Where the key stands that the path ends with. */
function offsetOf(document: Document, path: ConfigPath): number {
  const parent: unknown = path.length <= 1 ? document.contents : document.getIn(path.slice(0, -1), true)
  const pair = isMap(parent) ? parent.items.find(({ key }) => isScalar(key) && key.value === path.at(-1)) : undefined
  const node: unknown = pair?.key ?? document.getIn(path, true) ?? parent
  return isNode(node) ? (node.range?.[0] ?? 0) : 0
}
