import { readFileSync } from 'node:fs'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { generatedFiles } from '../scripts/generated-files.ts'
import { definitionJsonSchema, languageReference } from '../src/index.ts'

const validate = new Ajv2020({ strict: true, discriminator: false }).compile(definitionJsonSchema())
const read = (path: string) => readFileSync(new URL(`./fixtures/${path}`, import.meta.url), 'utf8')
const accepts = (text: string) => validate(parse(text, { merge: true, uniqueKeys: false }))

describe('the JSON Schema', () => {
  it.each(['good/older-names.yaml', 'good/aliases.yaml', 'good/flows.yaml'])('accepts %s', (file) => {
    expect(accepts(read(file))).toBe(true)
  })

  it('accepts every example of the language reference', () => {
    const blocks = [...languageReference.matchAll(/```yaml\n([\s\S]*?)```/g)].map(([, block]) => block ?? '')
    expect(blocks.map(accepts)).toEqual(blocks.map(() => true))
  })

  it.each([
    'root-list',
    'partner-missing',
    'partner-is-number',
    'datapoints-empty',
    'unknown-partner-key',
    'name-with-slash',
    'pattern-unknown',
    'unknown-datapoint-key',
    'order-outside-async',
    'unknown-endpoint-key',
    'method-number',
    'path-number',
    'unknown-response-key',
    'status-text',
    'status-interim',
    'header-mapping',
    'header-name-space',
    'content-type-bad',
    'body-in-fetch',
    'oauth-expires-zero',
    'async-step-zero',
    'async-id-from-form',
    'pagination-items-missing',
    'pagination-unknown-key',
    'callback-delay',
  ])('refuses broken/%s.yaml', (name) => {
    expect(accepts(read(`broken/${name}.yaml`))).toBe(false)
  })

  it('describes every key for the completion of editors', () => {
    const missing: string[] = []
    const walk = (schema: unknown, path: string) => {
      if (typeof schema !== 'object' || schema === null) return
      const { properties } = schema as { properties?: Record<string, { description?: string }> }
      for (const [key, property] of Object.entries(properties ?? {})) {
        if (!property.description) missing.push(`${path}.${key}`)
      }
      for (const [key, child] of Object.entries(schema)) walk(child, `${path}/${key}`)
    }
    walk(definitionJsonSchema(), '')
    expect(missing).toEqual([])
  })
})

describe('generated files', () => {
  it.each(generatedFiles((file) => readFileSync(file, 'utf8')))(
    '$path is current: pnpm generate',
    ({ path, content }) => {
      expect(readFileSync(path, 'utf8')).toBe(content)
    },
  )
})
