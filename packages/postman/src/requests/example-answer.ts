import type { PostmanPair, PostmanRequest, PostmanResponse } from '../collection.ts'
import type { AnswerPlan } from './plan.ts'

/** The expected answer as one that was saved. */
export function exampleAnswer(request: PostmanRequest, answer: AnswerPlan): PostmanResponse {
  const body = bodyText(answer.body)
  const header = headerOf(answer, body)
  const type = header.find(({ key }) => key.toLowerCase() === 'content-type')?.value ?? ''
  return {
    name: `Example: ${answer.status}`,
    originalRequest: request,
    code: answer.status,
    status: '',
    _postman_previewlanguage: languages.find((language) => type.includes(language)) ?? 'text',
    header,
    cookie: [],
    body,
  }
}

const languages = ['json', 'xml', 'html']

function headerOf({ headers = {}, contentType, body }: AnswerPlan, text: string): PostmanPair[] {
  const declared = Object.entries(headers).flatMap(([key, values]) => [values].flat().map((value) => ({ key, value })))
  if (declared.some(({ key }) => key.toLowerCase() === 'content-type') || text === '') return declared
  return [...declared, { key: 'Content-Type', value: contentType ?? (typeof body === 'string' ? 'text/plain' : json) }]
}

const json = 'application/json'

function bodyText(body: unknown): string {
  if (body === undefined) return ''
  return typeof body === 'string' ? body : JSON.stringify(body, null, 2)
}
