import { spawn } from 'node:child_process'
import { constants } from 'node:os'
import { root } from './paths.mjs'

const windows = process.platform === 'win32'

/** A phase that failed. Its message names the phase and holds the whole log; no stack is of use. */
export class PhaseError extends Error {
  phase = true
}

/** Runs a phase: one line when it succeeds, its whole log when it fails. Resolves to the log. */
export async function phase(title, command, args, { env = process.env, cwd = root, shell = false } = {}) {
  const startedAt = Date.now()
  const child = spawn(command, args, { cwd, env, shell, stdio: ['ignore', 'pipe', 'pipe'] })
  const log = []
  child.stdout.on('data', (chunk) => log.push(chunk))
  child.stderr.on('data', (chunk) => log.push(chunk))
  const status = await ended(child)
  const text = Buffer.concat(log).toString()
  const seconds = `${((Date.now() - startedAt) / 1000).toFixed(1)} s`
  if (status === 0) {
    console.error(`✓ ${title} (${seconds})`)
    return text
  }
  throw new PhaseError(`${text}\n✗ ${title} failed with status ${status} (${seconds}); its log stands above`)
}

/** Runs a command on this terminal and resolves to its exit code; 128 + the signal's number where one ended it. */
export function foreground(command, args, { env = process.env, cwd = root, shell = false, ownGroup = false } = {}) {
  return ended(spawn(command, args, { cwd, env, shell, stdio: 'inherit', detached: ownGroup && !windows }), {
    ownGroup,
  })
}

/**
 * Resolves when the child ended. Meanwhile a signal to this process goes on to the child.
 *
 * A Ctrl-C reaches every process of the terminal's group, and npm forwards a copy besides. A child in its own group hears
 * neither: it is sent one signal for each press, since repeats within half a second are dropped. Any other child heard the
 * terminal itself.
 */
function ended(child, { ownGroup = false } = {}) {
  const lastAt = new Map()
  const forward = (signal) => {
    if (signal === 'SIGINT' && (windows || (process.stdin.isTTY && !ownGroup))) return
    const sent = signal === 'SIGHUP' ? 'SIGTERM' : signal
    const now = Date.now()
    if (now - (lastAt.get(sent) ?? 0) >= 500) child.kill(sent)
    lastAt.set(sent, now)
  }
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP']
  for (const signal of signals) process.on(signal, forward)
  const watch = ownGroup && onOrphaned(() => forward('SIGTERM'))
  return new Promise((resolve, reject) => {
    child.on('error', reject)
    child.on('close', (code, signal) => resolve(code ?? 128 + (constants.signals[signal] ?? 0)))
  }).finally(() => {
    for (const signal of signals) process.off(signal, forward)
    clearInterval(watch)
  })
}

/** A signal to npm may end only the shell between npm and this process, which then has another parent and is to end too. */
function onOrphaned(listener) {
  if (process.env.npm_lifecycle_event === undefined) return undefined
  const parent = process.ppid
  const watch = setInterval(() => {
    if (process.ppid === parent) return
    clearInterval(watch)
    listener()
  }, 250)
  return watch
}
