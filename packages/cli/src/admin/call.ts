import { Buffer } from 'node:buffer'
import { CommandFailure } from '../command-failure.ts'
import type { AdminApi, AdminApiRequest, AdminApiResponse } from './admin-api.ts'

/** Asks the admin API; its refusal ends the command with the refusal's sentence. */
export async function call(
  api: AdminApi,
  method: string,
  path: string,
  request?: AdminApiRequest,
): Promise<AdminApiResponse> {
  const response = await api.request(method, path, request)
  if (response.status < 400) return response
  throw new CommandFailure(detailOf(response), undefined, { http_status: response.status })
}

/** As `call`, for an answer in JSON. The shape is the admin API's own contract. */
export async function callJson<T>(api: AdminApi, method: string, path: string, request?: AdminApiRequest): Promise<T> {
  const { body } = await call(api, method, path, request)
  try {
    return JSON.parse(body.toString()) as T
  } catch {
    throw new CommandFailure(
      'The answer is not JSON: what answers there is no imnot; check the address given with --url.',
    )
  }
}

/** A request with a JSON body. */
export function jsonRequest(value: unknown): AdminApiRequest {
  return { body: Buffer.from(JSON.stringify(value)), headers: { 'content-type': 'application/json' } }
}

/** A path of the admin API, with its parts encoded. */
export function adminPath(...parts: readonly string[]): string {
  return ['/imnot/admin', ...parts.map(encodeURIComponent)].join('/')
}

/** A query from what is given; empty without any. */
export function queryOf(values: Readonly<Record<string, string | undefined>>): string {
  const given = Object.entries(values).filter((entry): entry is [string, string] => entry[1] !== undefined)
  return given.length === 0 ? '' : `?${new URLSearchParams(given)}`
}

function detailOf({ status, body }: AdminApiResponse): string {
  try {
    const { detail } = JSON.parse(body.toString()) as { readonly detail?: unknown }
    if (typeof detail === 'string') return detail
  } catch {
    // Something else than imnot answered; its status has to do.
  }
  return `The server answered with status ${status} and no word about the reason; check that an imnot answers there.`
}
