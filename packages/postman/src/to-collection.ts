import { builtinPatterns, type PartnerDefinition, type PatternSchema } from '@imnot/schema'
import type { PostmanCollection, PostmanFolder } from './collection.ts'
import { datapointFolder, type FolderOptions } from './datapoint-folder.ts'
import type { PatternRequests } from './patterns/pattern.ts'
import { builtinRequests } from './patterns/registry.ts'
import { scriptEvent } from './requests/test-script.ts'
import { beginFolder, endFolder } from './server-folders.ts'
import { createVariables } from './variables/variable.ts'

export interface CollectionOptions {
  /** Where imnot is reached, without a slash at the end. @default 'http://127.0.0.1:8000' */
  readonly baseUrl?: string
  /** @default 'imnot' */
  readonly name?: string
  /** Patterns beyond the built-in ones. @default [] */
  readonly patterns?: readonly PatternSchema[]
  /** What these contribute; a pattern without a contribution gets its endpoints as they are declared. @default [] */
  readonly requests?: readonly PatternRequests[]
}

/**
 * A Postman collection (format v2.1) with a folder for each partner and datapoint. Run as a whole it opens a session, plays
 * every flow from its first step to its last, and deletes the session.
 *
 * @example
 * const collection = toCollection([definition], { baseUrl: 'http://127.0.0.1:8000' })
 * await writeFile('imnot.postman_collection.json', JSON.stringify(collection))
 */
export function toCollection(
  definitions: readonly PartnerDefinition[],
  options: CollectionOptions = {},
): PostmanCollection {
  const { baseUrl = 'http://127.0.0.1:8000', name = 'imnot', patterns = [], requests = [] } = options
  const variables = createVariables()
  const server = {
    baseUrl: variables.declare('base_url', baseUrl, 'Where imnot is reached'),
    adminKey: variables.declare('admin_key', '', 'The admin key, where imnot was started with one'),
  }
  const session = variables.declare('session_id', '', 'The session of every request; empty for what all share')
  const folderOptions: FolderOptions = {
    patterns: [...builtinPatterns, ...patterns],
    requests: [...builtinRequests, ...requests],
    variables,
    server,
  }
  const item = [
    beginFolder(server, session),
    ...definitions.map((definition) => partnerFolder(definition, folderOptions)),
    endFolder(server, session),
  ]
  return {
    info: { name, description, schema: 'https://schema.getpostman.com/json/collection/v2.1.0/collection.json' },
    item,
    event: [scriptEvent('prerequest', joinSession(session.name))],
    variable: variables.list(),
    // A redirect is an answer like any other, and a body is sent whatever the method.
    protocolProfileBehavior: { followRedirects: false, disableBodyPruning: true },
  }
}

const description = [
  'Every endpoint of the partners that imnot mocks, and what a tester needs of its admin API.',
  'Set `base_url`, and `admin_key` where imnot asks for one. "Run collection" plays every flow in a session of its own and',
  'leaves nothing behind. A request that is sent alone belongs to the session in `session_id`, or to none if that is empty.',
].join('\n')

/** An empty header would name a session that is not there; so there is none until a session is. */
function joinSession(name: string): string[] {
  return [
    `const session = pm.variables.get(${JSON.stringify(name)});`,
    `if (session) pm.request.headers.upsert({ key: 'X-Imnot-Session', value: session });`,
  ]
}

function partnerFolder(definition: PartnerDefinition, options: FolderOptions): PostmanFolder {
  const { partner, description: about, datapoints } = definition
  return {
    name: partner,
    ...(about !== undefined && { description: about }),
    item: datapoints.map((datapoint) => datapointFolder(partner, datapoint, options)),
  }
}
