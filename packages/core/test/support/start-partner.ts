import { type StartOptions, startEngine } from './start-engine.ts'

export interface PartnerAnswer {
  readonly status: number
  readonly headers: Headers
  readonly text: string
  // biome-ignore lint/suspicious/noExplicitAny: tests read answers of every shape
  readonly json: any
}

/** A running engine with one partner, asked in JSON. */
export async function startPartner(yaml: string, options: StartOptions = {}) {
  const running = await startEngine({ yaml, ...options })
  async function ask(
    method: string,
    path: string,
    body?: unknown,
    headers: Readonly<Record<string, string>> = {},
  ): Promise<PartnerAnswer> {
    const isText = typeof body === 'string'
    const sent = body === undefined ? {} : { body: isText ? body : JSON.stringify(body) }
    const type = body === undefined || isText ? {} : { 'content-type': 'application/json' }
    const response = await running.call(method, path, { ...sent, headers: { ...type, ...headers } })
    const text = await response.text()
    return {
      status: response.status,
      headers: response.headers,
      text,
      get json() {
        return JSON.parse(text)
      },
    }
  }
  const newSession = async () => ({
    'x-imnot-session': String((await running.admin('POST', '/imnot/admin/sessions')).json.session_id),
  })
  return { ...running, ask, newSession }
}
