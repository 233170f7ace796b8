import { createImnot, type Imnot, type InlineDefinition, openStorage, serve } from '@imnot/node'
import { onTestFinished } from 'vitest'
import type { SharedStorage } from './storages.ts'

export interface InProcessNode {
  readonly imnot: Imnot
  readonly url: string
}

/** Nodes on one storage, each with a connection of its own, in this process; they end with the test. */
export async function nodesInProcess(
  storage: SharedStorage,
  count: number,
  definitions: readonly InlineDefinition[],
): Promise<readonly InProcessNode[]> {
  const { url, remove } = await storage.create()
  onTestFinished(remove)
  return Promise.all(Array.from({ length: count }, () => startNode(url, definitions)))
}

const modules: Readonly<Record<string, () => Promise<unknown>>> = {
  '@imnot/storage-sqlite': () => import('@imnot/storage-sqlite'),
  '@imnot/storage-postgres': () => import('@imnot/storage-postgres'),
  '@imnot/storage-redis': () => import('@imnot/storage-redis'),
}

async function importModule(specifier: string): Promise<unknown> {
  return modules[specifier]?.()
}

async function startNode(url: string, definitions: readonly InlineDefinition[]): Promise<InProcessNode> {
  const opened = await openStorage(url, { importModule })
  const imnot = await createImnot({ definitions, storage: opened })
  const server = await serve(imnot, { port: 0 })
  // Run last to first: the storage closes after what uses it.
  onTestFinished(async () => {
    await server.close({ graceMs: 1000 })
    await opened.close()
  })
  return { imnot, url: server.url }
}
