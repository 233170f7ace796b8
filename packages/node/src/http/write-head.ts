import { ServerResponse } from 'node:http'

/** Writes status and headers, beside those that a host has set before. */
export function writeHead(response: ServerResponse, status: number, headers: readonly string[]): void {
  if (isUntouched(response)) response.writeHead(status, headers as string[])
  else writeHeadBesideHost(response, status, headers)
}

/** Middleware of the host may have set headers, or have wrapped `writeHead`, with wrappers that know no flat list. */
function isUntouched(response: ServerResponse): boolean {
  return response.writeHead === ServerResponse.prototype.writeHead && response.getHeaderNames().length === 0
}

/** Where the host has set headers before, Node 20's `writeHead` would keep only the last of equal names. */
function writeHeadBesideHost(response: ServerResponse, status: number, headers: readonly string[]): void {
  const forget = () => {
    for (let index = 0; index < headers.length; index += 2) response.removeHeader(headers[index] ?? '')
  }
  forget()
  try {
    for (let index = 0; index < headers.length; index += 2) {
      response.appendHeader(headers[index] ?? '', headers[index + 1] ?? '')
    }
    response.writeHead(status)
  } catch (error) {
    // The host's error handler is to answer, and not with the length of this body.
    forget()
    throw error
  }
}
