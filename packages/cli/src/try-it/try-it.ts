import {
  builtinPatterns,
  type DatapointShape,
  findPattern,
  type PartnerDefinition,
  type PatternSchema,
} from '@imnot/schema'
import { curlPlain, curlStart, curlStep } from './curl.ts'
import { conversationOf } from './flow-shape.ts'
import { quoted } from './shell.ts'

export interface TryItOptions {
  readonly url: string
  /** The admin API asks for a key: the line takes it from the environment, where it is no secret told. */
  readonly needsKey: boolean
  /** @default builtinPatterns */
  readonly patterns?: readonly PatternSchema[]
}

/**
 * Lines for a shell that show a first answer: upload, submit, fetch where some datapoint has flows, else upload and fetch,
 * else one request. Empty where nothing is served.
 */
export function tryIt(definitions: readonly PartnerDefinition[], options: TryItOptions): string[] {
  const places = definitions.flatMap(({ partner, datapoints }) =>
    (datapoints as readonly DatapointShape[]).map((datapoint) => ({ partner, datapoint })),
  )
  const withFlow = places.find(({ datapoint }) => conversationOf(datapoint) !== null)
  if (withFlow !== undefined) return flowLines(withFlow, options)
  const answered = places.filter(({ datapoint }) => datapoint.endpoints[0]?.method.includes('GET'))
  const chosen =
    answered.find((place) => takesPayload(place, options)) ??
    answered[0] ??
    places.find((place) => !takesPayload(place, options))
  const [endpoint] = chosen?.datapoint.endpoints ?? []
  if (chosen === undefined || endpoint === undefined) return []
  return [...(takesPayload(chosen, options) ? [upload(chosen, options)] : []), curlPlain(options.url, endpoint)]
}

interface Place {
  readonly partner: string
  readonly datapoint: DatapointShape
}

function flowLines(place: Place, options: TryItOptions): string[] {
  const conversation = conversationOf(place.datapoint)
  if (conversation === null) return []
  const { start, rest } = conversation
  const steps = rest.map((step) => curlStep(options.url, step)).join(' && ')
  const givesPayload = rest.some(({ response }) => response.returns_payload)
  return [
    ...(givesPayload ? [upload(place, options)] : []),
    curlStart(options.url, start),
    ...(steps === '' ? [] : [`${steps}; echo`]),
  ]
}

function takesPayload({ datapoint }: Place, { patterns = builtinPatterns }: TryItOptions): boolean {
  return findPattern(datapoint.pattern, patterns)?.takesPayload ?? false
}

function upload({ partner, datapoint }: Place, { url, needsKey }: TryItOptions): string {
  const key = needsKey ? ' -H "Authorization: Bearer $IMNOT_ADMIN_KEY"' : ''
  const target = quoted(`${url}/imnot/admin/${partner}/${datapoint.name}/payload`)
  // A list, so that it also has pages.
  return `curl -s${key} -H 'Content-Type: application/json' -d '[{"hello":"world"}]' ${target}; echo`
}
