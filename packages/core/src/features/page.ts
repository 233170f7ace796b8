import { type Refusal, refusal } from '../answers/refusal.ts'
import type { Exchange } from '../handling/exchange.ts'
import type { Moment } from '../handling/moment.ts'
import type { EngineResponse } from '../http/messages.ts'
import { linkHeader } from '../pages/link-header.ts'
import { type MissingList, pageSource } from '../pages/page-source.ts'
import { type PageView, viewPage } from '../pages/page-view.ts'
import { compilePager, type FoundPage } from '../pages/pager.ts'
import type { CompileContext } from '../patterns/pattern.ts'
import { refuseNoPayload } from '../payloads/payload-answer.ts'
import { isStateless, readsBody } from '../rendering/renderer.ts'
import { extendScope } from '../rendering/scope.ts'
import type { FeatureCompiler } from './feature.ts'

/** What `page` came to for one request. */
type Outcome = { readonly page: FoundPage; readonly view: PageView } | Refusal

/**
 * `page`: templates see one page of a list. An answer that is the uploaded payload shows no more of its array than the page;
 * a page that cannot be given is refused in place of a final answer.
 */
export const pageFeature: FeatureCompiler = (context) => {
  const { partner, datapoint, endpoint, options, services } = context
  const { page: declared } = endpoint
  const of = declared?.of ?? ownList(context)
  if (declared === undefined || of === undefined) return null
  const subject = `${partner}/${datapoint.name}`
  const pager = compilePager({ page: declared, subject, options, secrets: services.secrets })
  const source = pageSource(of, services.bodies, options)
  const outcomes = new WeakMap<Exchange, Outcome>()

  async function find(moment: Moment): Promise<Outcome> {
    const list = source.list(moment.situation, moment.scope)
    if ('missing' in list) return refuseMissing(list, moment, context)
    const page = await pager.find(list, moment)
    if ('problem' in page) return refusal('invalid', page.problem)
    return { page, view: viewPage(page, moment.exchange) }
  }

  return {
    isStateless: pager.isStateless && isStateless(source.reads) && !source.readsPayload,
    readsBody: pager.readsBody || readsBody(source.reads),
    readsPayload: source.readsPayload,
    async extend(moment) {
      const outcome = await find(moment)
      outcomes.set(moment.exchange, outcome)
      return 'kind' in outcome ? moment : { ...moment, scope: extendScope(moment.scope, { page: () => outcome.view }) }
    },
    amend(plan, { exchange, situation }) {
      const outcome = outcomes.get(exchange)
      if (outcome === undefined || plan.isInterim === true) return plan
      if (!('status' in plan.answer) || 'kind' in plan.answer || plan.answer.status >= 400) return plan
      if ('kind' in outcome) return { answer: outcome }
      const answer = asPage(plan.answer, outcome, situation.payload?.body)
      return outcome.view.has_more ? { ...plan, answer, hasMorePages: true } : { ...plan, answer }
    },
  }
}

/** A resource pages its own records, where nothing else is said. */
function ownList({ datapoint, endpoint, resources }: CompileContext): string | undefined {
  const isList = 'operation' in endpoint && endpoint.operation === 'list'
  return isList && resources.has(datapoint.name) ? `{{ records.${datapoint.name} }}` : undefined
}

function refuseMissing(missing: MissingList, { situation }: Moment, { partner, datapoint }: CompileContext): Refusal {
  if (missing.missing === 'payload') return refuseNoPayload(partner, datapoint.name, situation)
  const where = missing.path === '' ? 'be a JSON array' : `be JSON with an array at ${missing.path}`
  return refusal(
    'invalid',
    `The payload must ${where}, since this endpoint pages it; upload the whole list for ${partner}/${datapoint.name}.`,
  )
}

function asPage(answer: EngineResponse, { page, view }: Exclude<Outcome, Refusal>, payload: unknown): EngineResponse {
  const { list, indices, settings } = page
  const isPayload = payload !== undefined && answer.body === payload
  const cut = isPayload ? (list.cut?.(indices) ?? null) : null
  const links = settings.style === 'link_header' ? linkHeader(view) : null
  if (cut === null && links === null) return answer
  const headers = cut === null ? answer.headers : withLength(answer.headers, cut.byteLength)
  return { ...answer, headers: links === null ? headers : [...headers, 'link', links], body: cut ?? answer.body }
}

function withLength(headers: readonly string[], length: number): readonly string[] {
  return headers.map((value, index) =>
    index % 2 === 1 && headers[index - 1]?.toLowerCase() === 'content-length' ? String(length) : value,
  )
}
