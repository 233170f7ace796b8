/** CSV (RFC 4180) as a list of mappings by the names in its first line. Separated by commas, or by semicolons or tabs where the first line has no comma. */
export function parseCsv(text: string): Record<string, string>[] {
  const source = text.replace(/^\uFEFF/, '')
  const [names = [], ...rows] = readRows(source, separatorOf(source))
  return rows.map((row) => {
    const mapping: Record<string, string> = Object.create(null)
    names.forEach((name, index) => {
      mapping[name] = row[index] ?? ''
    })
    return mapping
  })
}

function separatorOf(source: string): string {
  const first = source.split('\n', 1)[0] ?? ''
  return [',', ';', '\t'].find((separator) => first.includes(separator)) ?? ','
}

function readRows(source: string, separator: string): string[][] {
  const rows: string[][] = []
  let row: string[] = []
  let at = 0
  while (at < source.length) {
    const cell = readCell(source, at, separator)
    row.push(cell.value)
    at = cell.end
    if (source[at] === separator) {
      at++
      if (at < source.length) continue
      row.push('')
    }
    if (source[at] === '\r') at++
    if (source[at] === '\n') at++
    if (row.length > 1 || row[0] !== '') rows.push(row)
    row = []
  }
  return rows
}

function readCell(source: string, start: number, separator: string): { value: string; end: number } {
  if (source[start] !== '"') {
    let end = start
    while (end < source.length && source[end] !== separator && source[end] !== '\n' && source[end] !== '\r') end++
    return { value: source.slice(start, end), end }
  }
  let end = start + 1
  for (; end < source.length; end++) {
    if (source[end] !== '"') continue
    if (source[end + 1] !== '"') break
    end++
  }
  const value = source.slice(start + 1, end).replaceAll('""', '"')
  let next = end + 1
  while (next < source.length && source[next] !== separator && source[next] !== '\n' && source[next] !== '\r') next++
  return { value, end: next }
}
