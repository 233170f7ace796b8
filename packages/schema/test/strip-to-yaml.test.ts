import { describe, expect, it } from 'vitest'
import { stripToYaml } from '../src/index.ts'

const yaml = `partner: acme
datapoints:
  - name: a
    pattern: static
`

describe('stripToYaml', () => {
  it.each([
    ['plain YAML', yaml],
    ['one fenced block', `Sure, here it is:\n\n\`\`\`yaml\n${yaml}\`\`\`\n\nLet me know!`],
    ['a fence without a language', `\`\`\`\n${yaml}\`\`\``],
    ['tildes', `~~~yml\n${yaml}~~~\n`],
    ['a fence that is never closed', `Here:\n\`\`\`yaml\n${yaml}`],
    ['several blocks', `\`\`\`bash\nimnot generate\n\`\`\`\nthen\n\`\`\`yaml\n${yaml}\`\`\`\n\`\`\`json\n{}\n\`\`\``],
    ['an indented block', `1. Save this:\n\n   \`\`\`yaml\n${yaml.replace(/^(?=.)/gm, '   ')}   \`\`\`\n`],
    ['prose without fences', `Here is the file you wanted.\n\n${yaml}\nThis defines one datapoint. Enjoy!`],
    ['prose that directly follows', `${yaml}I hope this helps.`],
    ['CRLF', `Hello\r\n\`\`\`yaml\r\n${yaml.replaceAll('\n', '\r\n')}\`\`\`\r\n`],
    ['a byte order mark', `\uFEFF${yaml}`],
  ])('takes the definition out of %s', (_title, pasted) => {
    expect(stripToYaml(pasted)).toBe(yaml)
  })

  it('keeps comments and a document mark directly before the definition', () => {
    expect(stripToYaml(`Here:\n\n---\n# Acme\n${yaml}`)).toBe(`---\n# Acme\n${yaml}`)
  })

  it('keeps list items that stand at the margin, block texts and blank lines', () => {
    const text = `partner: acme\ndescription: |\n  Some words.\n\n  More words.\n\ndatapoints:\n- name: a\n  pattern: static\n# end\n`
    expect(stripToYaml(`Look:\n${text}\nThat is all, folks.`)).toBe(text)
  })

  it('keeps a fence that stands inside a text of the definition', () => {
    const text = 'partner: acme\ndescription: |\n  ```\n  code\n  ```\ndatapoints: []\n'
    expect(stripToYaml(`\`\`\`\`yaml\n${text}\`\`\`\``)).toBe(text)
  })

  it('gives back what holds no definition, so that the parser can say what is wrong', () => {
    expect(stripToYaml('I cannot do that.')).toBe('I cannot do that.\n')
    expect(stripToYaml('```\nfoo: 1\n```')).toBe('foo: 1\n')
  })
})
