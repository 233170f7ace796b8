/** Files that stand beside a definition. They stay as they were when first read for as long as the definition does. */
export interface DefinitionFiles {
  /** By a path relative to the definition. `reason` ends a sentence: "cannot be read: …". */
  read(
    name: string,
  ): { readonly ok: true; readonly bytes: Uint8Array } | { readonly ok: false; readonly reason: string }
}
