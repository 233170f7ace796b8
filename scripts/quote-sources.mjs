/** Fills each block of the documentation that begins with `<!-- quoted: FILE -->` with that file, so that no snippet can rot. */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const block = /<!-- quoted: (\S+) -->\n```(\w+)\n[\s\S]*?```\n/g

for (const name of readdirSync(join(root, 'docs')).filter((file) => file.endsWith('.md'))) {
  const path = join(root, 'docs', name)
  const text = readFileSync(path, 'utf8')
  const quoted = text.replace(block, (_all, file, language) => {
    const source = readFileSync(join(root, file), 'utf8')
    return `<!-- quoted: ${file} -->\n\`\`\`${language}\n${source}\`\`\`\n`
  })
  if (quoted !== text) writeFileSync(path, quoted)
}
