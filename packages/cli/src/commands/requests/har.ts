import type { BodyInfo, MessageInfo, RequestInfo } from '@imnot/client'

/** The requests as an HTTP Archive 1.2, oldest first. Secrets in it are hashes; a body that was kept in part says so. */
export function toHar(requests: readonly RequestInfo[]): object {
  return {
    log: {
      version: '1.2',
      creator: { name: 'imnot', version: '1' },
      entries: [...requests].reverse().map(entryOf),
    },
  }
}

function entryOf({ at, duration_ms: time, method, url, status, request, response, ...rest }: RequestInfo) {
  const host = headerOf(request, 'host') ?? 'imnot'
  const absolute = new URL(url, `http://${host}`)
  return {
    startedDateTime: at,
    time,
    request: {
      method,
      url: absolute.href,
      ...messageOf(request),
      queryString: [...absolute.searchParams].map(([name, value]) => ({ name, value })),
      ...(request.body === null
        ? {}
        : { postData: { mimeType: headerOf(request, 'content-type') ?? '', ...contentOf(request.body) } }),
    },
    response: {
      status,
      statusText: '',
      ...messageOf(response),
      content: {
        size: response.body?.bytes ?? 0,
        mimeType: headerOf(response, 'content-type') ?? '',
        ...(response.body === null ? {} : contentOf(response.body)),
      },
      redirectURL: headerOf(response, 'location') ?? '',
    },
    cache: {},
    timings: { send: 0, wait: time, receive: 0 },
    _imnot: rest,
  }
}

function messageOf({ headers, body }: MessageInfo) {
  return {
    httpVersion: 'HTTP/1.1',
    cookies: [],
    headers: headers.map(([name, value]) => ({ name, value })),
    headersSize: -1,
    bodySize: body?.bytes ?? 0,
  }
}

function contentOf({ text, base64, truncated }: BodyInfo) {
  const kept = base64 === undefined ? { text: text ?? '' } : { text: base64, encoding: 'base64' }
  return truncated ? { ...kept, comment: 'Only the beginning was kept.' } : kept
}

function headerOf({ headers }: MessageInfo, name: string): string | undefined {
  return headers.find(([header]) => header.toLowerCase() === name)?.[1]
}
