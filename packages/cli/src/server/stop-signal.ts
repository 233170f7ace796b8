/** Resolves at the first signal that asks for the end. After it a second one ends the process at once. */
export function stopSignal(): Promise<NodeJS.Signals> {
  return new Promise((resolve) => {
    let asked = false
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
      process.on(signal, () => {
        if (asked) process.exit(signalExitCodes[signal])
        asked = true
        resolve(signal)
      })
    }
  })
}

/** 128 and the signal's number, as shells have it. */
const signalExitCodes = { SIGHUP: 129, SIGINT: 130, SIGTERM: 143 } as const
