import { type Diagnostic, findPattern, formatDiagnostic, type ParsedDefinition } from '@imnot/schema'
import type { Served } from '../../definitions/catalogue.ts'
import { registeredFile } from '../../definitions/registered.ts'
import { readBody } from '../../http/body.ts'
import { refuse, respondJson } from '../../http/respond.ts'
import type { JsonValue } from '../../ports/storage.ts'
import type { AdminServices } from '../admin.ts'
import type { AdminRoute } from '../admin-route.ts'

export function partnerRoutes({ catalogue, patterns, limits }: AdminServices): AdminRoute[] {
  return [
    {
      method: 'GET',
      path: '/imnot/admin/partners',
      summary: 'Partners, their datapoints and endpoints, and where each definition came from',
      access: 'admin',
      answers: { 200: 'A list of partners' },
      handle() {
        const served = catalogue.current()
        return respondJson(
          200,
          served.routes.definitions.map((parsed) => describePartner(parsed, served)),
        )
      },
    },
    {
      method: 'POST',
      path: '/imnot/admin/partners',
      summary: 'Register a definition; it is live at once, on all nodes',
      access: 'admin',
      query: { force: '`true` replaces a partner that is there already' },
      body: { type: 'application/yaml', summary: 'The text of a partner.yaml' },
      answers: {
        200: 'Replaced',
        201: 'Registered',
        409: 'There is one of this name',
        413: 'Too large',
        422: 'Diagnostics',
      },
      async handle({ request, query }) {
        const text = await readBody(request, limits.definition)
        const result = await catalogue.register(text, { force: query.get('force')?.toLowerCase() === 'true' })
        if (result.outcome === 'invalid') return refuseDefinition(result.diagnostics)
        if (result.outcome === 'exists') {
          const detail = `Partner '${result.partner}' already exists; send it with force (?force=true) to replace it.`
          return refuse(409, detail, { status: 'error' })
        }
        const created = result.outcome === 'created'
        return respondJson(created ? 201 : 200, describeRegistration(result.parsed, created, patterns))
      },
    },
    {
      method: 'DELETE',
      path: '/imnot/admin/partners/{partner}',
      summary: 'Remove a definition that was registered over HTTP',
      access: 'admin',
      answers: { 200: 'Removed', 404: 'No registered definition has the name', 409: 'The partner comes from a file' },
      async handle({ params }) {
        const { partner = '' } = params
        if (await catalogue.unregister(partner)) return respondJson(200, { status: 'ok', partner })
        const file = catalogue
          .current()
          .routes.definitions.find(({ definition }) => definition.partner === partner)?.file
        if (file === undefined)
          return refuse(
            404,
            `Partner '${partner}' not found; GET /imnot/admin/partners and \`imnot routes\` show what there is.`,
          )
        return refuse(
          409,
          `Partner '${partner}' comes from the file ${file}; delete the file, then reload (POST /imnot/admin/reload).`,
        )
      },
    },
    {
      method: 'POST',
      path: '/imnot/admin/reload',
      summary: 'Read the definition files anew, on every node',
      access: 'admin',
      answers: { 200: 'What was added, changed, removed, and what failed' },
      async handle() {
        const { added, changed, removed, failed } = await catalogue.reload()
        const conflicts = failed.flatMap(({ diagnostics }) => diagnostics)
        const status = failed.length === 0 ? 'ok' : 'partial'
        const described = failed.map(({ file, partner, diagnostics }) => ({ file, partner, diagnostics }))
        // `updated` and `conflicts` are the Python imnot's names.
        return respondJson(200, { status, added, changed, removed, failed: described, updated: changed, conflicts })
      },
    },
  ]
}

function describePartner(parsed: ParsedDefinition, served: Served): JsonValue {
  const { partner, description = '', datapoints } = parsed.definition
  return {
    partner,
    description,
    source: parsed.file === registeredFile(partner) ? 'registered' : 'file',
    file: parsed.file === registeredFile(partner) ? null : parsed.file,
    shadows_file: served.shadowed.has(partner),
    datapoints: datapoints.map((datapoint) => {
      const [first] = datapoint.endpoints
      const response: object = first?.response ?? {}
      return {
        name: datapoint.name,
        description: datapoint.description ?? '',
        pattern: datapoint.pattern,
        endpoints: datapoint.endpoints.flatMap((endpoint) =>
          endpoint.method.map((method) => ({
            method,
            path: endpoint.path,
            step: 'step' in endpoint ? (endpoint.step ?? null) : null,
          })),
        ),
        callback_delay_seconds: member(response, 'callback_delay_seconds'),
        callback_url_field: member(response, 'callback_url_field'),
        callback_url_header: member(response, 'callback_url_header'),
        pagination: member(datapoint, 'pagination'),
      }
    }),
  }
}

/** Fields that some patterns have; the others show null, as the Python imnot does. */
function member(object: object, name: string): JsonValue {
  return ((object as Readonly<Record<string, JsonValue | undefined>>)[name] ?? null) as JsonValue
}

function describeRegistration(
  { definition }: ParsedDefinition,
  created: boolean,
  patterns: AdminServices['patterns'],
): JsonValue {
  const { partner, description = '', datapoints } = definition
  return {
    status: 'ok',
    partner,
    description,
    created,
    datapoints: datapoints.map(({ name, pattern, endpoints }) => ({
      name,
      pattern,
      endpoints: endpoints.flatMap(({ method, path }) => method.map((one) => ({ method: one, path }))),
      admin_routes: findPattern(pattern, patterns)?.takesPayload ?? false,
    })),
    routes_added: datapoints.flatMap(({ endpoints }) =>
      endpoints.flatMap(({ method, path }) => method.map((one) => `${one} ${path}`)),
    ),
    routes_conflicts: [],
  }
}

function refuseDefinition(diagnostics: readonly Diagnostic[]) {
  const faults = diagnostics.map(({ code, file, line, column, message, suggestion }) => ({
    code,
    file,
    line,
    column,
    message,
    suggestion: suggestion ?? null,
  }))
  return refuse(422, diagnostics.map(formatDiagnostic).join('\n'), { status: 'error', diagnostics: faults })
}
