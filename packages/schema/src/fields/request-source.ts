import { text } from './leaf.ts'

const rule = 'query.NAME, body.PATH, headers.NAME, params.NAME or a template'

/** Where a request says something: in its query, body, headers or path, or what a template makes of it. */
export function requestSource() {
  return text(
    rule,
    /^(params\.[A-Za-z_][A-Za-z0-9_]*|query\.\S+|headers\.[!#$%&'*+.^_`|~0-9A-Za-z-]+|body(\.[^\s.]+)+|[\s\S]*\{\{[\s\S]*\}\}[\s\S]*)$/,
  )
}
