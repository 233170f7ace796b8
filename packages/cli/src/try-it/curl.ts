import type { EndpointShape } from '@imnot/schema'
import type { StepShape } from './flow-shape.ts'
import { escapedForSed, quoted, quotedWithId } from './shell.ts'

/** Where a step of a flow takes the id from that the start gave; in the lines it is the shell's `$ID`. */
export function curlStep(url: string, step: StepShape): string {
  const [root, ...names] = (step.id_from ?? 'params.id').split('.')
  const name = names.join('.')
  const path = fillPath(step.path, { id: '$ID', ...(root === 'params' ? { [name]: '$ID' } : {}) })
  const query = root === 'query' ? `?${encodeURIComponent(name)}=$ID` : ''
  const header = root === 'headers' ? ` -H ${quotedWithId(`${name}: $ID`)}` : ''
  const body = root === 'body' ? ` -H 'Content-Type: application/json' -d ${quotedWithId(nested(names))}` : ''
  return `curl -s${methodOption(step)}${header}${body} ${quotedWithId(`${url}${path}${query}`)}`
}

/** Starts a flow and keeps its id in `$ID`. */
export function curlStart(url: string, start: StepShape): string {
  const { id_header: header, id_header_value: value = '{id}', id_body_field: field = '' } = start.response
  const target = quoted(`${url}${fillPath(start.path)}`)
  const [before = '', after = ''] = value.split('{id}').map(patternForSed)
  const taken =
    header === undefined
      ? `curl -s${methodOption(start)} ${target} | sed -n 's|.*"${escapedForSed(field.split('.').at(-1) ?? '')}":"\\([^"]*\\)".*|\\1|p'`
      : `curl -s -o /dev/null -D -${methodOption(start)} ${target} | sed -n 's|^${escapedForSed(header)}: ${before}\\([0-9a-f-]*\\)${after}.*|\\1|p'`
  return `ID=$(${taken}); echo "$ID"`
}

/** A template may have become anything. */
function patternForSed(text: string): string {
  return text
    .split(/\{\{.*?\}\}/)
    .map(escapedForSed)
    .join('.*')
}

/** A request to an endpoint that needs nothing but its address. */
export function curlPlain(url: string, endpoint: EndpointShape): string {
  return `curl -i${methodOption(endpoint)} ${quoted(`${url}${fillPath(endpoint.path)}`)}`
}

function methodOption({ method }: EndpointShape): string {
  if (method.includes('GET')) return ''
  const [first = 'GET'] = method
  return first === 'HEAD' ? ' --head' : ` -X ${first}`
}

/** The path with a value in each place of a parameter. */
function fillPath(path: string, values: Readonly<Record<string, string>> = {}): string {
  return path.replaceAll(/\\([{}])|\{(\w+)\*?\}/g, (_, brace: string | undefined, name: string) =>
    brace === undefined ? (values[name] ?? '1') : encodeURIComponent(brace),
  )
}

function nested([name = '', ...deeper]: readonly string[]): string {
  return `{${JSON.stringify(name)}:${deeper.length === 0 ? '"$ID"' : nested(deeper)}}`
}
