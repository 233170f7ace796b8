import { readFileSync, writeFileSync } from 'node:fs'
import { generatedFiles } from './generated-files.ts'

// Writes what is derived from the schema and from docs/partners.md. A test checks that it was run.
for (const { path, content } of generatedFiles((file) => readFileSync(file, 'utf8'))) writeFileSync(path, content)
