import { readdirSync, readFileSync } from 'node:fs'
import type { DefinitionFiles } from '@imnot/schema'
import { describe, expect, test } from 'vitest'
import { playConversation } from '../support/conversation.ts'

const root = new URL('../../../../', import.meta.url)
const folder = new URL('docs/partners/', root)
const pages = readdirSync(folder).filter((file) => file.endsWith('.md'))

/** Each conversation, with the definition that was quoted last before it. */
function conversationsOf(page: string) {
  const blocks = [...page.matchAll(/(?:<!-- quoted: (\S+) -->\n)?```(yaml|conversation)\n([\s\S]*?)```/g)]
  let file = ''
  return blocks.flatMap(([, quoted, language, text = '']) => {
    if (language === 'yaml') file = quoted ?? ''
    return language === 'yaml' ? [] : [{ file, text }]
  })
}

/** What a definition in the documentation names stands beside it. */
function filesBeside(file: string): DefinitionFiles {
  return { read: (name) => ({ ok: true, bytes: readFileSync(new URL(name, new URL(file, root))) }) }
}

describe.each(pages)('docs/partners/%s', (name) => {
  const page = readFileSync(new URL(name, folder), 'utf8')
  const conversations = conversationsOf(page)

  test('quotes its definitions as they are', () => {
    const quotes = [...page.matchAll(/<!-- quoted: (\S+) -->\n```\w+\n([\s\S]*?)```/g)]
    expect(quotes.length).toBeGreaterThan(0)
    for (const [, file = '', text] of quotes) expect(text).toBe(readFileSync(new URL(file, root), 'utf8'))
  })

  test.each(conversations)('what it says of $file happens: $text', async ({ file, text }) => {
    await playConversation(readFileSync(new URL(file, root), 'utf8'), text, filesBeside(file))
  })
})
