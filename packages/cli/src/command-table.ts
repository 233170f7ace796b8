import type { Command } from 'commander'
import type { Terminal } from './output/terminal.ts'

/** Gives a command its options, arguments, examples and action. */
export type DefineCommand = (command: Command, terminal: Terminal) => void

interface CommandEntry {
  readonly name: string
  /** One line of the help. */
  readonly summary: string
  readonly load: () => Promise<DefineCommand>
}

/** Every command, in the order of the help. */
export const commandTable: readonly CommandEntry[] = [
  {
    name: 'init',
    summary: 'write two example partners and imnot.yaml',
    load: async () => (await import('./commands/init.ts')).defineInit,
  },
  {
    name: 'start',
    summary: 'serve the partners',
    load: async () => (await import('./commands/start.ts')).defineStart,
  },
  {
    name: 'stop',
    summary: 'stop the server of this folder',
    load: async () => (await import('./commands/stop.ts')).defineStop,
  },
  {
    name: 'status',
    summary: 'whether the server runs; sessions, flows and deliveries at a glance',
    load: async () => (await import('./commands/status.ts')).defineStatus,
  },
  {
    name: 'routes',
    summary: 'list every route, of the partners and of the admin API',
    load: async () => (await import('./commands/routes.ts')).defineRoutes,
  },
  {
    name: 'validate',
    summary: 'check partner definitions; faults as file:line:col',
    load: async () => (await import('./commands/validate.ts')).defineValidate,
  },
  {
    name: 'generate',
    summary: 'write a partner definition from YAML, also as pasted from a chat',
    load: async () => (await import('./commands/generate.ts')).defineGenerate,
  },
  {
    name: 'prompt',
    summary: 'print a prompt that lets a language model write a definition',
    load: async () => (await import('./commands/prompt.ts')).definePrompt,
  },
  {
    name: 'schema',
    summary: 'print the JSON Schema of definitions, for editors',
    load: async () => (await import('./commands/schema.ts')).defineSchema,
  },
  {
    name: 'export',
    summary: 'write the partners as a Postman collection',
    load: async () => (await import('./commands/export.ts')).defineExport,
  },
  {
    name: 'payload',
    summary: 'get, set, list and delete payloads',
    load: async () => (await import('./commands/payload.ts')).definePayload,
  },
  {
    name: 'sessions',
    summary: 'list, create, show, export, import and delete sessions',
    load: async () => (await import('./commands/sessions.ts')).defineSessions,
  },
  {
    name: 'clock',
    summary: 'show, advance, freeze and reset the clock of a session, or of all that is in none',
    load: async () => (await import('./commands/clock.ts')).defineClock,
  },
  {
    name: 'flows',
    summary: 'list, show and steer flows',
    load: async () => (await import('./commands/flows.ts')).defineFlows,
  },
  {
    name: 'requests',
    summary: 'the requests that came, also as they come, and what answered them',
    load: async () => (await import('./commands/requests.ts')).defineRequests,
  },
  {
    name: 'check',
    summary: 'whether the consumer behaved as partners expect; exit 1 where it did not',
    load: async () => (await import('./commands/check.ts')).defineCheck,
  },
  {
    name: 'deliveries',
    summary: 'list, show and repeat callbacks',
    load: async () => (await import('./commands/deliveries.ts')).defineDeliveries,
  },
  {
    name: 'storage',
    summary: 'copy a storage into another, encrypt it anew',
    load: async () => (await import('./commands/storage.ts')).defineStorage,
  },
]
