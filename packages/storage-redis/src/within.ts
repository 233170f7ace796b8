/** Resolves with the promise, which must not reject, or after so many milliseconds without it. */
export async function within(timeMs: number, promise: Promise<unknown>): Promise<void> {
  let timer: NodeJS.Timeout | undefined
  const timeout = new Promise((resolve) => {
    timer = setTimeout(resolve, timeMs)
  })
  await Promise.race([promise, timeout])
  clearTimeout(timer)
}
