import { type Refusal, refusal } from '../answers/refusal.ts'
import type { Moment } from '../handling/moment.ts'
import { compileId, type IdMaker } from '../ids/compile-id.ts'
import { makeId } from '../ids/make-id.ts'
import { keys } from '../keys.ts'
import type { Storage, WriteOperation } from '../ports/storage.ts'
import { readsOf } from '../rendering/renderer.ts'
import type { Scope } from '../rendering/scope.ts'
import { putOwner } from '../sessions/owners.ts'
import { putAlias } from './alias.ts'
import type { Flow } from './flow-record.ts'

/** What `generate` makes, compiled once. */
export interface Generate {
  /** As in `Renderer`. */
  readonly reads: readonly string[]
  /** The flow with new ids, and what leads from them to it. A refusal where one of them is taken or cannot be made. */
  after(flow: Flow, scope: Scope, moment: Moment): Promise<Generated | Refusal>
}

interface Generated {
  readonly flow: Flow
  readonly operations: readonly WriteOperation[]
}

interface Options {
  readonly storage: Storage
  /** The names by which endpoints find the flow. */
  readonly finders: readonly string[]
}

/** Null where nothing is generated. */
export function compileGenerate(
  declared: Readonly<Record<string, string>> = {},
  { storage, finders }: Options,
): Generate | null {
  const makers = Object.entries(declared).map(([name, format]) => [name, compileId(format)] as const)
  if (makers.length === 0) return null

  /** One that can be guessed may be taken: that is looked up, and another is drawn where there is another. */
  async function draw(name: string, maker: IdMaker, flow: Flow, moment: Moment): Promise<string | Refusal> {
    const { partner, datapoint, session } = flow.value
    for (;;) {
      const id = await makeId(storage, maker, moment, [partner, datapoint, name])
      if (id === '') return refuseNothing(name)
      if (maker.isUnguessable || !finders.includes(name)) return id
      const key = keys.alias(keys.scope(session), partner, datapoint, name, id)
      const [taken = null] = await storage.get([key])
      if (taken === null) return id
      if (maker.chosenBy !== null) return refuseTaken(name, id)
    }
  }

  return {
    reads: readsOf(makers.map(([, maker]) => maker)),
    async after(flow, scope, moment) {
      const values: Record<string, string | number> = {}
      const operations: WriteOperation[] = []
      const { id: flowId, partner, datapoint, session, aliases = [] } = flow.value
      for (const [name, maker] of makers) {
        const id = await draw(name, maker, flow, { ...moment, scope })
        if (typeof id !== 'string') return id
        values[name] = maker.isNumber ? Number(id) : id
        if (!finders.includes(name)) continue
        const owner = maker.isUnguessable ? { id, partner, datapoint, session, flow: flowId } : null
        operations.push(putAlias({ partner, datapoint, session, name, id, flow: flowId }, owner !== null))
        if (owner !== null) operations.push(...putOwner(owner))
      }
      const found = makers.map(([name]) => name).filter((name) => finders.includes(name) && !aliases.includes(name))
      const value = found.length === 0 ? flow.value : { ...flow.value, aliases: [...aliases, ...found] }
      return {
        flow: { value, data: { ...flow.data, values: { ...flow.data.values, ...values } } },
        operations,
      }
    },
  }
}

function refuseNothing(name: string): Refusal {
  return refusal('invalid', `The request names nothing that "${name}" could be made of; send it.`)
}

function refuseTaken(name: string, id: string): Refusal {
  return refusal('conflict', `There is a flow whose "${name}" is "${id}" already; choose another.`)
}
