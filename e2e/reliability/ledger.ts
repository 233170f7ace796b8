import { setTimeout as pause } from 'node:timers/promises'
import { bytesOf, consumer } from '../support/consumer.ts'

/** What one writer was told is done; nothing of it may ever be missing. */
export interface Ledger {
  /** Goes on writing until a request fails, as it does when the server dies. */
  writeUntilFailure(url: string): Promise<void>
  /** One sentence for each acknowledged write that is not there. */
  missing(url: string): Promise<string[]>
  acknowledged(): number
}

interface Job {
  readonly path: string
  isPolled: boolean
}

/** A writer in a session of its own: it uploads, submits and polls in turn, and keeps what was acknowledged. */
export function createLedger(writer: number): Ledger {
  const jobs: Job[] = []
  let session: string | null = null
  let uploaded = -1
  let attempted = -1
  let count = 0

  async function writeOnce(url: string): Promise<void> {
    if (session === null) {
      session = await createSession(url)
      count++
    }
    const client = consumer(url, { 'x-imnot-session': session })
    attempted++
    await accepted(client.upload(content(attempted), 'text/plain'), 200)
    uploaded = attempted
    const job: Job = { path: await client.submit(), isPolled: false }
    jobs.push(job)
    await accepted(client.poll(job.path), 201)
    job.isPolled = true
    count += 3
  }

  function content(number: number): string {
    return `writer ${writer}, upload ${number}`
  }

  async function missingJob(url: string, job: Job): Promise<string[]> {
    // The third step is answered only where the second one is known to be done.
    const { status } = job.isPolled ? await consumer(url).fetch(job.path) : await consumer(url).poll(job.path)
    return status === (job.isPolled ? 200 : 201) ? [] : [`job ${job.path} is answered ${status}`]
  }

  return {
    acknowledged: () => count,

    async writeUntilFailure(url) {
      try {
        for (;;) await writeOnce(url)
      } catch {
        // The server died, which is what this is about.
      }
    },

    async missing(url) {
      if (session === null) return []
      const faults: string[] = []
      const raw = await fetch(`${url}/imnot/admin/acme/data-sync/payload/raw`, {
        headers: { 'x-imnot-session': session },
      })
      const found = (await bytesOf(raw)).toString()
      // The last attempt may have been written without its acknowledgement having come.
      const allowed = uploaded === attempted ? [content(uploaded)] : [content(uploaded), content(attempted)]
      if (uploaded >= 0 && !allowed.includes(found))
        faults.push(`upload ${uploaded} of writer ${writer} is now: ${found}`)
      for (const job of jobs) faults.push(...(await missingJob(url, job)))
      return faults
    },
  }
}

/** Resolves in the midst of writing, at another moment each time; after five seconds at the latest. */
export async function midstOfWriting(ledgers: readonly Ledger[]): Promise<void> {
  const deadline = performance.now() + 5000
  const wanted = ledgers.length * (1 + Math.random() * 6)
  const written = () => ledgers.reduce((sum, ledger) => sum + ledger.acknowledged(), 0)
  while (written() < wanted && performance.now() < deadline) await pause(5)
}

async function createSession(url: string): Promise<string> {
  const response = await fetch(`${url}/imnot/admin/sessions`, { method: 'POST' })
  if (!response.ok) throw new Error(`A session was answered ${response.status}.`)
  return ((await response.json()) as { readonly session_id: string }).session_id
}

async function accepted(answer: Promise<Response>, status: number): Promise<void> {
  const response = await answer
  await response.arrayBuffer()
  if (response.status !== status) throw new Error(`A write was answered ${response.status}.`)
}
