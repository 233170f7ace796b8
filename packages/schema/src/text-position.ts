export interface TextPosition {
  line: number
  column: number
}

/** Turns offsets in a text into lines and columns, both from 1. The lines are counted when first asked. */
export function positionsIn(source: string): (offset: number) => TextPosition {
  let starts: number[] | undefined
  return (offset) => {
    starts ??= lineStarts(source)
    const line = lineOf(starts, offset)
    return { line, column: offset - (starts[line - 1] ?? 0) + 1 }
  }
}

function lineStarts(source: string): number[] {
  const starts = [0]
  for (let end = source.indexOf('\n'); end >= 0; end = source.indexOf('\n', end + 1)) starts.push(end + 1)
  return starts
}

function lineOf(starts: readonly number[], offset: number): number {
  let low = 0
  let high = starts.length
  while (high - low > 1) {
    const middle = (low + high) >> 1
    if ((starts[middle] ?? 0) <= offset) low = middle
    else high = middle
  }
  return low + 1
}
