import { fileURLToPath } from 'node:url'

/** The folder with what `imnot init` writes: beside `src` as beside `dist`. */
export function templatesFolder(): string {
  return fileURLToPath(new URL('../templates/', import.meta.url))
}
