/** Runs the tasks of one key one after the other, and those of different keys side by side. */
export interface KeyedQueue {
  run<T>(key: string, task: () => Promise<T>): Promise<T>
}

export function createKeyedQueue(): KeyedQueue {
  const tails = new Map<string, Promise<unknown>>()
  return {
    run(key, task) {
      const before = tails.get(key)
      const result = before === undefined ? task() : before.then(task, task)
      tails.set(key, result)
      const leave = () => {
        if (tails.get(key) === result) tails.delete(key)
      }
      result.then(leave, leave)
      return result
    },
  }
}
