import { spawnSync } from 'node:child_process'

/** Whom a server runs as that refuses to run as root; nothing to change where this is not root. */
export function otherUserThanRoot(): { readonly uid?: number; readonly gid?: number } {
  if (process.getuid?.() !== 0) return {}
  const name = ['postgres', 'nobody'].find((user) => spawnSync('id', [user]).status === 0) ?? 'nobody'
  const idOf = (flag: string) => Number(spawnSync('id', [flag, name]).stdout)
  return { uid: idOf('-u'), gid: idOf('-g') }
}
