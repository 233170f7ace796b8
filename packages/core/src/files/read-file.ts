import type { ParsedDefinition } from '@imnot/schema'
import { DefinitionFault } from '../definition-fault.ts'

/** The bytes of a file that a definition names, the same for as long as the definition is. Throws a `DefinitionFault`. */
export type ReadFile = (name: string) => Uint8Array

export function fileReader({ files }: ParsedDefinition): ReadFile {
  return (name) => {
    if (files === undefined) throw new DefinitionFault(homeless(name), name)
    const found = files.read(name)
    if (found.ok) return found.bytes
    throw new DefinitionFault(`The file "${name}" cannot be read: ${found.reason}.`, name)
  }
}

function homeless(name: string): string {
  return (
    `The file "${name}" cannot be read: this definition came without a folder, over HTTP or from a program; write its content ` +
    'into the definition, or serve the definition from a folder of partners.'
  )
}
