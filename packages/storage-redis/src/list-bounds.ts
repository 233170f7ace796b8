import type { ListOptions } from '@imnot/core'

/** The bounds of a listing as ZRANGEBYLEX takes them: `[` includes what follows, `(` excludes it. */
export function listBounds(prefix: string, { after, before }: Pick<ListOptions, 'after' | 'before'>) {
  // Keys are printable: \x7f sorts after whatever can follow in one.
  const end = `${prefix}\x7f`
  return {
    lower: after === undefined || after < prefix ? `[${prefix}` : `(${after}`,
    upper: before === undefined || before > end ? `(${end}` : `(${before}`,
  }
}
