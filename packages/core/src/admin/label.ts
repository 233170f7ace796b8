export const labelRule = 'label must be text of 1 to 100 printable characters without a slash, such as "INT-4211".'

export function isLabel(label: unknown): label is string {
  return typeof label === 'string' && /^[^\p{C}/]{1,100}$/u.test(label) && label.trim() === label
}
