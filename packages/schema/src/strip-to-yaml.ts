/**
 * The YAML of a definition out of what was pasted from a chat. Of several fenced blocks the one with `partner:` counts,
 * else the first; without a fence the text from the first `partner:` line on, up to where prose begins again.
 *
 * @example
 * stripToYaml('Sure!\n```yaml\npartner: acme\n```\nEnjoy.') // 'partner: acme\n'
 */
export function stripToYaml(pasted: string): string {
  const lines = pasted.replace(/^\uFEFF/, '').split(/\r\n|\n/)
  const blocks = fencedBlocks(lines)
  const chosen = blocks.find((block) => block.some(isStart)) ?? (lines.some(isStart) ? undefined : blocks[0])
  const body = chosen ?? unfenced(lines)
  return `${dedent(body).join('\n').trimEnd()}\n`
}

const fence = /^\s*(`{3,}|~{3,})/

function isStart(line: string): boolean {
  return /^\s*(["']?)partner\1\s*:/.test(line)
}

function fencedBlocks(lines: readonly string[]): string[][] {
  const blocks: string[][] = []
  let open: { mark: string; block: string[] } | undefined
  for (const line of lines) {
    const mark = fence.exec(line)?.[1]
    if (!open && mark) {
      open = { mark, block: [] }
      blocks.push(open.block)
    } else if (open && mark?.startsWith(open.mark) && line.trim() === mark) {
      open = undefined
    } else {
      open?.block.push(line)
    }
  }
  return blocks
}

function unfenced(lines: readonly string[]): readonly string[] {
  const start = lines.findIndex(isStart)
  if (start < 0) return lines
  let first = start
  while (first > 0 && /^\s*(#|---\s*$|%)/.test(lines[first - 1] ?? '')) first -= 1
  const indent = indentOf(lines[start] ?? '')
  const rest = lines.slice(start)
  const end = rest.findIndex((line) => isProse(line, indent))
  return lines.slice(first, end < 0 ? lines.length : start + end)
}

// At the margin of `partner:` YAML has keys, list items and comments; a sentence is none of these.
function isProse(line: string, indent: number): boolean {
  if (line.trim() === '' || indentOf(line) > indent) return false
  return !/^(["']?[\w.<-]+["']?\s*:(\s|$)|-(\s|$)|#|\.\.\.\s*$|[\]}])/.test(line.trim()) || fence.test(line)
}

function dedent(lines: readonly string[]): string[] {
  const start = lines.find(isStart)
  const indent = start === undefined ? 0 : indentOf(start)
  return lines.map((line) => (line.slice(0, indent).trim() === '' ? line.slice(indent) : line))
}

function indentOf(line: string): number {
  return line.length - line.trimStart().length
}
