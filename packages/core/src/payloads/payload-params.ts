import { type EndpointShape, parsePath } from '@imnot/schema'

/** Path parameters with the values that a payload was uploaded for; none for the general payload of a datapoint. */
export type PayloadParams = Readonly<Record<string, string>>

/** The path parameters that payloads of an endpoint may be keyed by. A flow's id is made later than any upload. */
export function payloadParameters({ path, step }: Pick<EndpointShape, 'path' | 'step'>): readonly string[] {
  const parsed = parsePath(path)
  if (!parsed.ok) return []
  return step === undefined ? parsed.parameters : parsed.parameters.filter((name) => name !== 'id')
}

/**
 * For which values a payload may have been uploaded that this request gets, the closest first: all of its parameters, then
 * fewer of them. Of paths with many parameters only all of them, or a single one.
 */
export function payloadChoices(names: readonly string[], params: PayloadParams): readonly PayloadParams[] {
  if (names.length === 0) return []
  const subsets = names.length <= most ? subsetsOf(names) : [names, ...names.map((name) => [name])]
  return subsets.map((subset) => Object.fromEntries(subset.map((name) => [name, params[name] ?? ''])))
}

const most = 4

function subsetsOf(names: readonly string[]): readonly (readonly string[])[] {
  const subsets = names.reduce<readonly (readonly string[])[]>(
    (found, name) => [...found, ...found.map((subset) => [...subset, name])],
    [[]],
  )
  return subsets.filter((subset) => subset.length > 0).sort((one, other) => other.length - one.length)
}

/** `id=RES-1&hotel=H1`: how a keyed payload is named beside its datapoint. */
export function payloadParamsText(params: PayloadParams): string {
  return new URLSearchParams(params).toString()
}

/** `acme/reservation?id=RES-1`: how a payload is named where a session lists what it has. */
export function payloadName(place: {
  readonly partner: string
  readonly datapoint: string
  readonly params?: PayloadParams | undefined
}): string {
  const text = payloadParamsText(place.params ?? {})
  return `${place.partner}/${place.datapoint}${text === '' ? '' : `?${text}`}`
}
