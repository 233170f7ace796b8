/** Text as one word of a POSIX shell. */
export function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`
}

/** Text as one word in which `$ID` still stands for the variable of that name. */
export function quotedWithId(text: string): string {
  const parts = text.split('$ID').map((part) => part.replaceAll(/[\\"$`]/g, '\\$&'))
  return `"${parts.join('$ID')}"`
}

/** Text that a basic regular expression between bars takes literally. */
export function escapedForSed(text: string): string {
  return text.replaceAll(/[\\.*[\]^$|]/g, '\\$&')
}
