import { Buffer } from 'node:buffer'
import { languageReference } from '@imnot/schema'
import { respond } from '../../http/respond.ts'
import type { AdminRoute } from '../admin-route.ts'
import { guide } from '../guide.ts'

/** For people and language models; they need no key to learn how to ask. */
export function docsRoutes(): AdminRoute[] {
  return [
    textRoute('/imnot/docs', 'How to use this server, as text', guide),
    textRoute('/imnot/docs/partners', 'The language of partner definitions, as text', languageReference),
  ]
}

function textRoute(path: string, summary: string, text: string): AdminRoute {
  const answer = respond(200, ['content-type', 'text/markdown; charset=utf-8'], Buffer.from(text))
  return { method: 'GET', path, summary, access: 'public', answers: { 200: 'Markdown' }, handle: () => answer }
}
