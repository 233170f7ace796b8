import { findPattern, type PartnerDefinition, type PatternSchema } from '@imnot/schema'

/** A definition as `generate --json` shows it, in the fields of the Python imnot. */
export interface DescribedDefinition {
  readonly partner: string
  readonly description: string
  readonly datapoints: readonly {
    readonly name: string
    readonly pattern: string
    readonly endpoints: readonly { readonly method: string; readonly path: string }[]
    /** Whether it takes payloads. */
    readonly admin_routes: boolean
  }[]
}

export function describeDefinition(
  { partner, description = '', datapoints }: PartnerDefinition,
  patterns: readonly PatternSchema[],
): DescribedDefinition {
  return {
    partner,
    description,
    datapoints: datapoints.map(({ name, pattern, endpoints }) => ({
      name,
      pattern,
      endpoints: endpoints.flatMap(({ method, path }) => method.map((one) => ({ method: one, path }))),
      admin_routes: findPattern(pattern, patterns)?.takesPayload ?? false,
    })),
  }
}
