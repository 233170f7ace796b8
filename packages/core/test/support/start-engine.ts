import { type DefinitionFiles, parseDefinition } from '@imnot/schema'
import { onTestFinished } from 'vitest'
import { createEngine, type Engine, type EngineOptions, memoryStorage, type Storage } from '../../src/index.ts'

export interface CallOptions {
  readonly body?: string | Uint8Array
  readonly headers?: Readonly<Record<string, string>>
}

export interface Running {
  readonly engine: Engine
  readonly storage: Storage
  /** A request of the consumer, without any credential. */
  call(method: string, path: string, options?: CallOptions): Promise<Response>
  /** A request to the admin API, by who holds the engine. */
  admin(method: string, path: string, options?: CallOptions): Promise<AdminAnswer>
}

export interface AdminAnswer {
  readonly status: number
  readonly body: Uint8Array
  // biome-ignore lint/suspicious/noExplicitAny: tests read answers of every shape
  readonly json: any
}

export type StartOptions = Partial<EngineOptions> & {
  readonly yaml?: string | readonly string[]
  /** What stands beside the definitions. */
  readonly files?: DefinitionFiles
}

/** A running engine that ends with the test. */
export async function startEngine({ yaml = [], files, ...options }: StartOptions = {}): Promise<Running> {
  const storage = options.storage ?? memoryStorage()
  const definitions = async () => ({
    parsed: [yaml]
      .flat()
      .map(parse)
      .map((parsed) => (files === undefined ? parsed : { ...parsed, files })),
    failed: [],
  })
  const engine = createEngine({ definitions, ...options, storage })
  await engine.start()
  onTestFinished(() => engine.close())
  return {
    engine,
    storage,
    call: (method, path, { body, headers = {} } = {}) =>
      engine.fetch(new Request(`http://127.0.0.1${path}`, { method, headers, body: (body ?? null) as string | null })),
    async admin(method, path, { body, headers = {} } = {}) {
      const response = await engine.admin({
        method,
        url: path,
        headers: new Headers(headers),
        body: body === undefined ? null : chunks(body),
      })
      const bytes = response.body instanceof Uint8Array ? response.body : new Uint8Array(0)
      return {
        status: response.status,
        body: bytes,
        get json() {
          return JSON.parse(new TextDecoder().decode(bytes))
        },
      }
    },
  }
}

function parse(text: string, index: number) {
  const result = parseDefinition(text, { file: `partner-${index}.yaml` })
  if (!result.ok) throw new Error(JSON.stringify(result.diagnostics, null, 2))
  return result.parsed
}

async function* chunks(body: string | Uint8Array): AsyncGenerator<Uint8Array> {
  yield typeof body === 'string' ? new TextEncoder().encode(body) : body
}
