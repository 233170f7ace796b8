import type { PostmanBody, PostmanItem, PostmanPair, PostmanRequest } from '../collection.ts'
import { inertJson, placeholder } from '../variables/inert.ts'
import { isVariable, type Variable } from '../variables/variable.ts'
import { exampleAnswer } from './example-answer.ts'
import type { BodyPlan, Pair, RequestPlan } from './plan.ts'
import { testScript } from './test-script.ts'
import { toUrl } from './url.ts'

/** Variables that every request may need. */
export interface ServerVariables {
  readonly baseUrl: Variable
  readonly adminKey: Variable
}

export function toItem(plan: RequestPlan, { baseUrl, adminKey }: ServerVariables): PostmanItem {
  const { name, description, method, headers = [], body, isAdmin = false, followsRedirects = true } = plan
  const bearer = isAdmin ? adminKey : plan.bearer
  const request: PostmanRequest = {
    method,
    ...(description !== undefined && { description }),
    ...(bearer !== undefined && {
      auth: { type: 'bearer', bearer: [{ key: 'token', value: placeholder(bearer), type: 'string' }] },
    }),
    header: [...headers.map(toPair), ...typeOf(body)],
    url: toUrl(baseUrl, plan),
    ...(body !== undefined && { body: toBody(body) }),
  }
  return {
    name,
    ...(!followsRedirects && { protocolProfileBehavior: { followRedirects: false } }),
    event: [testScript(plan)],
    request,
    response: [exampleAnswer(request, plan.answer)],
  }
}

function toPair([key, value]: Pair): PostmanPair {
  return { key, value: isVariable(value) ? placeholder(value) : value }
}

function typeOf(body: BodyPlan | undefined): PostmanPair[] {
  if (body === undefined || 'form' in body) return []
  return [{ key: 'Content-Type', value: 'json' in body ? 'application/json' : body.type }]
}

function toBody(body: BodyPlan): PostmanBody {
  if ('form' in body) {
    return { mode: 'urlencoded', urlencoded: body.form.map((pair) => ({ ...toPair(pair), type: 'text' })) }
  }
  if ('text' in body) return { mode: 'raw', raw: body.text }
  return { mode: 'raw', raw: inertJson(body.json), options: { raw: { language: 'json' } } }
}
