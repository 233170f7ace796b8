import { setTimeout as pause } from 'node:timers/promises'
import { type FailingReceiver, startFailingReceiver } from '../support/failing-receiver.ts'
import { type ImnotProcess, startImnot } from '../support/imnot-process.ts'
import { partnersFolder } from '../support/partners.ts'
import type { SharedStorage } from '../support/storages.ts'
import type { Program } from './program.ts'

export interface DeliveriesSize {
  readonly deliveries: number
  readonly scheduled: number
  readonly kills: number
  /** So often each is tried; with one attempt the program must see callbacks that never come. */
  readonly attempts: number
  /** How long nothing may happen before what has not come is missing. */
  readonly patienceSeconds: number
}

const failing = 0.3
const clients = 8
/** Of one request that owes so many at once. */
const together = 100

const definition = (attempts: number) => `partner: hooks
datapoints:
  - name: orders
    pattern: async
    endpoints:
      - step: 1
        method: POST
        path: /orders
        callbacks:
          - url: "{{ request.body.url }}"
            body: { about: "{{ request.body.about }} in progress" }
            retry: &often { attempts: ${attempts}, first: 100ms, max: 500ms }
          - { url: "{{ request.body.url }}", body: { about: "{{ request.body.about }} done" }, retry: *often }
        response: { generates_id: true, id_body_field: id }
      - { step: 2, method: GET, path: "/orders/{id}" }
  - name: reports
    pattern: static
    endpoints:
      - method: POST
        path: /reports
        callbacks:
          - { for_each: about, in: "{{ request.body.about }}", url: "{{ request.body.url }}", delay: 10s, body: { about: "{{ about }}" } }
        response: { status: 202 }
`

/**
 * Receivers fail in four ways while the nodes that call them are killed: every callback that was owed takes effect, under one
 * id, after the one before it in its flow; and what is scheduled survives that all nodes are killed.
 */
export const deliveries: Program<DeliveriesSize> = {
  name: 'deliveries',
  short: { deliveries: 2000, scheduled: 10_000, kills: 4, attempts: 50, patienceSeconds: 30 },
  long: { deliveries: 100_000, scheduled: 100_000, kills: 200, attempts: 50, patienceSeconds: 30 },
  async run(storage, size) {
    const failed = await withNodes(storage, size, (nodes) => sendThroughFailures(nodes, size))
    const kept = await withNodes(storage, size, (nodes) => sendAfterRestart(nodes, size))
    return {
      figures: { ...failed.figures, ...kept.figures },
      broken: [...failed.broken, ...kept.broken],
    }
  },
}

type Result = { readonly figures: Readonly<Record<string, number>>; readonly broken: readonly string[] }

interface Nodes {
  readonly alive: ImnotProcess[]
  start(): Promise<ImnotProcess>
}

async function withNodes(
  storage: SharedStorage,
  { attempts }: DeliveriesSize,
  act: (nodes: Nodes) => Promise<Result>,
): Promise<Result> {
  const partners = await partnersFolder({ hooks: definition(attempts) })
  const { url, remove } = await storage.create()
  const env = { IMNOT_CALLBACKS_TIMEOUT_SECONDS: '1' }
  const nodes: Nodes = { alive: [], start: () => startImnot({ storage: url, partners: partners.folder, env }) }
  try {
    nodes.alive.push(await nodes.start(), await nodes.start())
    return await act(nodes)
  } finally {
    await Promise.all(nodes.alive.map((node) => node.kill()))
    await remove()
    await partners.remove()
  }
}

async function sendThroughFailures(nodes: Nodes, size: DeliveriesSize): Promise<Result> {
  const { deliveries: count, kills } = size
  const receiver = await startFailingReceiver(failing)
  const acknowledged: string[] = []
  let next = 0
  const begin = performance.now()

  async function submitUntilEnough(): Promise<void> {
    while (acknowledged.length < count / 2) {
      const about = `order ${next++}`
      // A node that dies may have owed it all the same; only what was acknowledged must come.
      if (await isOwed(nodes, '/orders', { about, url: receiver.url })) acknowledged.push(about)
    }
  }

  async function killInTurn(): Promise<void> {
    for (let kill = 0; kill < kills; kill++) {
      await pause(1000)
      await nodes.alive[kill % 2]?.kill()
      nodes.alive[kill % 2] = await nodes.start()
    }
  }

  try {
    await Promise.all([killInTurn(), ...Array.from({ length: clients }, submitUntilEnough)])
    const owed = acknowledged.flatMap((about) => [`${about} in progress`, `${about} done`])
    await untilAllTookEffect(receiver, owed, size)
    const seconds = (receiver.lastEffectAt() - begin) / 1000
    const ends = await endsInLedger(nodes)
    const broken = [...faultsOf(receiver, owed), ...overtakenIn(receiver, acknowledged)]
    if (ends.dead > 0) broken.push(`${ends.dead} callbacks are dead`)
    if (ends.pending > 0) broken.push(`${ends.pending} callbacks are pending for good`)
    const unused = Object.entries(receiver.failures).filter(([, times]) => times === 0)
    if (unused.length > 0) broken.push(`the receiver never failed by ${unused.map(([kind]) => kind).join(', ')}`)
    const attempts = [...receiver.seen.values()].reduce((sum, entry) => sum + entry.attempts, 0)
    return {
      figures: {
        deliveries: owed.length,
        kills,
        attempts,
        failed_attempts: Object.values(receiver.failures).reduce((sum, times) => sum + times, 0),
        sent_twice: [...receiver.seen.values()].filter(({ effects }) => effects > 1).length,
        seconds_with_kills: Math.round(seconds),
        missing: broken.length,
      },
      broken,
    }
  } finally {
    await receiver.close()
  }
}

async function sendAfterRestart(nodes: Nodes, size: DeliveriesSize): Promise<Result> {
  const { scheduled: count } = size
  const receiver = await startFailingReceiver(0)
  try {
    const scheduled = Array.from({ length: count }, (_, index) => `report ${index}`)
    for (let start = 0; start < count; start += together) {
      const about = scheduled.slice(start, start + together)
      if (!(await isOwed(nodes, '/reports', { about, url: receiver.url })))
        throw new Error('A report was not accepted.')
    }
    await Promise.all(nodes.alive.map((node) => node.kill()))
    const early = receiver.seen.size
    nodes.alive.splice(0, 2, await nodes.start(), await nodes.start())
    const begin = performance.now()
    await untilAllTookEffect(receiver, scheduled, size)
    const seconds = (receiver.lastEffectAt() - begin) / 1000
    const rate = Math.round((count - early) / seconds)
    return {
      figures: { scheduled: count, before_the_restart: early, deliveries_per_second: rate },
      broken: faultsOf(receiver, scheduled),
    }
  } finally {
    await receiver.close()
  }
}

async function isOwed({ alive }: Nodes, path: string, body: object): Promise<boolean> {
  const node = alive[Math.floor(Math.random() * alive.length)]
  try {
    const response = await fetch(`${node?.url}${path}`, {
      method: 'POST',
      body: JSON.stringify(body),
      headers: { 'content-type': 'application/json' },
    })
    await response.arrayBuffer()
    if (response.status !== 202) throw new Error(`A request was answered ${response.status}.`)
    return true
  } catch (error) {
    if (error instanceof TypeError) return false
    throw error
  }
}

/** Resolves as soon as all did, or when nothing more comes. */
async function untilAllTookEffect(
  receiver: FailingReceiver,
  all: readonly string[],
  { patienceSeconds }: DeliveriesSize,
): Promise<void> {
  const waiting = new Set(all)
  for (
    let lastAt = performance.now();
    waiting.size > 0 && performance.now() - lastAt < patienceSeconds * 1000;
    await pause(50)
  ) {
    const before = waiting.size
    for (const about of waiting) if ((receiver.seen.get(about)?.effects ?? 0) > 0) waiting.delete(about)
    if (waiting.size < before) lastAt = performance.now()
  }
}

function faultsOf({ seen }: FailingReceiver, owed: readonly string[]): string[] {
  const missing = owed.filter((about) => (seen.get(about)?.effects ?? 0) === 0)
  const several = [...seen].filter(([, { ids }]) => ids.size !== 1)
  return [
    ...missing.map((about) => `the callback of ${about} never took effect`),
    ...several.map(([about, { ids }]) => `the attempts of ${about} came with ${ids.size} ids`),
  ]
}

function overtakenIn({ seen }: FailingReceiver, orders: readonly string[]): string[] {
  const firstEffectOf = (about: string) => seen.get(about)?.firstEffectAt ?? Number.POSITIVE_INFINITY
  const overtaken = orders.filter((about) => firstEffectOf(`${about} done`) < firstEffectOf(`${about} in progress`))
  return overtaken.map((about) => `${about} was done before it was in progress`)
}

/** Waits until each has ended: what took effect before a reset is tried again. */
async function endsInLedger({ alive }: Nodes): Promise<{ readonly pending: number; readonly dead: number }> {
  const deadline = performance.now() + 30_000
  for (;;) {
    const response = await fetch(`${alive[0]?.url}/imnot/admin/deliveries`)
    const ledger = (await response.json()) as readonly { readonly status: string }[]
    const count = (wanted: string) => ledger.filter(({ status }) => status === wanted).length
    const ends = { pending: count('pending'), dead: count('dead') }
    if (ends.pending === 0 || performance.now() > deadline) return ends
    await pause(500)
  }
}
