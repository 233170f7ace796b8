import type { ReloadReport } from '@imnot/core'

export interface WatchOptions {
  readonly folder: string
  reload(): Promise<ReloadReport>
  onReload(report: ReloadReport): void
  onError(error: unknown): void
}

/** Editors write a file in several goes; this is how long they get, in milliseconds. */
const settleMs = 100

/** Reloads when files of the folder change. Resolves, once it watches, to what ends it. */
export async function watchPartners({ folder, reload, onReload, onError }: WatchOptions): Promise<() => Promise<void>> {
  const { watch } = await import('chokidar')
  const watcher = watch(folder, { ignoreInitial: true })
  let timer: NodeJS.Timeout | undefined
  watcher.on('all', (_event, path) => {
    if (/\.tmp$/.test(path)) return
    clearTimeout(timer)
    timer = setTimeout(() => reload().then(onReload, onError), settleMs)
  })
  watcher.on('error', onError)
  await new Promise<void>((resolve) => watcher.once('ready', () => resolve()))
  // What changed between the first reading and now, nobody has told.
  await reload().catch(onError)
  return async () => {
    clearTimeout(timer)
    await watcher.close()
  }
}
