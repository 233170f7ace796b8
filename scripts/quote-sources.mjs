/** Fills each block of the documentation and of the packages' READMEs that begins with `<!-- quoted: FILE -->` with that file, so that no snippet can rot. */
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const block = /<!-- quoted: (\S+) -->\n```(\w+)\n[\s\S]*?```\n/g

const docs = ['docs', 'docs/partners'].flatMap((folder) =>
  readdirSync(join(root, folder))
    .filter((file) => file.endsWith('.md'))
    .map((file) => join(folder, file)),
)
const packages = readdirSync(join(root, 'packages'))
const pages = [...docs, ...packages.map((name) => join('packages', name, 'README.md'))]

for (const path of pages.map((page) => join(root, page)).filter((page) => existsSync(page))) {
  const text = readFileSync(path, 'utf8')
  const quoted = text.replace(block, (_all, file, language) => {
    const source = readFileSync(join(root, file), 'utf8')
    return `<!-- quoted: ${file} -->\n\`\`\`${language}\n${source}\`\`\`\n`
  })
  if (quoted !== text) writeFileSync(path, quoted)
}
