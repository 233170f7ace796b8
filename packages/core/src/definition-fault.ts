/**
 * A definition that the schema lets through and that cannot be served all the same: a pattern, a JSONPath, an XPath or a
 * template that its library refuses. `text` is what stands in the definition, by which its place is found.
 */
export class DefinitionFault extends Error {
  constructor(
    message: string,
    readonly text: string,
  ) {
    super(message)
  }
}
