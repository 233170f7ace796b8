import { linesOf } from '../../http/lines.ts'
import { refuse, respondJson } from '../../http/respond.ts'
import { ArchiveFault, archiveType, openArchive, writeArchive } from '../../sessions/archive/archive-file.ts'
import { type ImportedDefinitions, importDefinitions } from '../../sessions/archive/import-definitions.ts'
import { makeSession } from '../../sessions/archive/make-session.ts'
import { partnersOf } from '../../sessions/archive/partners-of.ts'
import { takeImage } from '../../sessions/archive/take-image.ts'
import { describeSession } from '../../sessions/session-record.ts'
import { version } from '../../version.ts'
import type { AdminServices } from '../admin.ts'
import type { AdminRoute } from '../admin-route.ts'
import { isLabel, labelRule } from '../label.ts'
import { refuseSession } from '../scope-of.ts'
import { baseUrlOf, refuseNotMade } from '../session-answers.ts'

/** A session as one file, to be attached to a ticket and made anew on another machine. */
export function sessionArchiveRoutes(services: AdminServices): AdminRoute[] {
  const { sessions, storage, clock, catalogue, limits, making, journal } = services
  return [
    {
      method: 'GET',
      path: '/imnot/admin/sessions/{session_id}/export',
      summary: 'The session as one file: definitions, payloads byte for byte, records, flows, clock',
      access: 'admin',
      answers: { 200: 'Lines of JSON', 404: 'There is none' },
      async handle({ params }) {
        const named = params.session_id ?? ''
        const session = (await sessions.find(named))?.value
        if (session === undefined) return refuseSession(named)
        const partners = await partnersOf({ storage, session, journal })
        const definitions = catalogue
          .current()
          .routes.definitions.filter(({ definition }) => partners.has(definition.partner))
          .map(({ definition, source }) => ({ partner: definition.partner, text: source }))
        const image = await takeImage({ storage, clock, session, sharedPayloadsOf: partners })
        const file = encodeURIComponent(session.label ?? session.id)
        return {
          status: 200,
          headers: ['content-type', archiveType, 'content-disposition', `attachment; filename*=UTF-8''${file}.imnot`],
          body: writeArchive(image, definitions, version),
        }
      },
    },
    {
      method: 'POST',
      path: '/imnot/admin/sessions/import',
      summary: 'Make a session of an exported one',
      access: 'admin',
      query: {
        label: 'Its label (default: the one that it had)',
        definitions:
          'Where a partner is served here from another definition: `refuse` (the default), `keep` the one of here, or `replace` it by the one of the file',
      },
      body: { type: archiveType, summary: 'An exported session' },
      answers: {
        201: 'Its id, base URL and token',
        400: 'No exported session, or a damaged one',
        409: 'The label is taken, or a definition is another one here',
        422: 'A definition cannot be served here, with diagnostics',
      },
      async handle({ request, query }) {
        const label = query.get('label')
        if (label !== null && !isLabel(label)) return refuse(400, labelRule)
        const policy = query.get('definitions') ?? 'refuse'
        if (policy !== 'refuse' && policy !== 'keep' && policy !== 'replace')
          return refuse(400, `definitions is "refuse", "keep" or "replace", not "${policy}".`)
        try {
          const archive = await openArchive(linesOf(request.body, 2 * limits.upload + limits.definition))
          const { head } = archive
          const name = label ?? head.label
          if (name !== null && !isLabel(name)) return refuse(400, labelRule)
          const imported: { outcome: ImportedDefinitions } = { outcome: { definitions: [] } }
          const made = await makeSession(making, archive, {
            label: name,
            ttlMs: head.ttlMs,
            isolated: head.isolated,
            bind: [],
            keepId: true,
            // Not before the whole file is read: one that is damaged changes nothing.
            async isWanted() {
              imported.outcome = await importDefinitions(catalogue, archive.definitions, policy)
              return !('refusal' in imported.outcome)
            },
          })
          const { outcome } = imported
          if ('refusal' in outcome) return outcome.refusal
          if (made === null) throw new Error('A session that is wanted was not made.')
          if (!('token' in made)) return refuseNotMade(made, name)
          const { session, token } = made
          return respondJson(201, {
            ...describeSession(session),
            base_url: baseUrlOf(request, session.id),
            token,
            definitions: outcome.definitions,
          })
        } catch (error) {
          if (error instanceof ArchiveFault) return refuse(400, error.message)
          throw error
        }
      },
    },
  ]
}
