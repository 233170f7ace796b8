import { type Command, InvalidArgumentError } from 'commander'

/** Which payload of a datapoint a command is about. */
export interface WhichOptions {
  readonly session?: string
  readonly id?: string
  readonly param: Readonly<Record<string, string>>
}

/** Gives a command the options that say which payload it is about. */
export function withWhichOptions(command: Command): Command {
  return command
    .option('--session <session>', 'id or label of the session whose payload is meant')
    .option('--id <value>', 'the payload for this value of the path parameter {id}')
    .option('--param <name=value>', 'the same for any path parameter; may come several times', collectPair('='), {})
}

/** Path parameters with their values. */
export function paramsOf({ id, param }: WhichOptions): Record<string, string> {
  return { ...(id !== undefined && { id }), ...param }
}

/** Reads an option that comes several times, each with a name and a value. */
export function collectPair(separator: '=' | ':') {
  return (text: string, earlier: Readonly<Record<string, string>>): Record<string, string> => {
    const at = text.indexOf(separator)
    if (at < 1) throw new InvalidArgumentError(`It is written as ${separator === '=' ? 'NAME=VALUE' : 'NAME: VALUE'}.`)
    return { ...earlier, [text.slice(0, at).trim()]: text.slice(at + 1).trim() }
  }
}

/** `acme/reservation?id=RES-1`: how a payload is named to people. */
export function payloadName(partner: string, datapoint: string, params: Readonly<Record<string, string>> = {}): string {
  const text = new URLSearchParams(params).toString()
  return `${partner}/${datapoint}${text === '' ? '' : `?${text}`}`
}
