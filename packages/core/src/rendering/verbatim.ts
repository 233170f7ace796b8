import { randomBytes } from 'node:crypto'

/**
 * Data that was cut out of uploaded JSON keeps the text that it was uploaded as, so that `1.10` stays `1.10` where an answer
 * shows it. The text lives as long as the data.
 */
const texts = new WeakMap<object, string>()
/** Whoever never pages an upload does not pay for looking. */
let isUsed = false

export function keepText<Data extends object>(data: Data, text: string): Data {
  isUsed = true
  texts.set(data, text)
  return data
}

/** The text that this very object was uploaded as. */
export function keptText(value: unknown): string | undefined {
  return isUsed && typeof value === 'object' && value !== null ? texts.get(value) : undefined
}

// Nobody can put a place into an answer by guessing its mark.
const mark = `imnot:${randomBytes(12).toString('hex')}:`
const places = new RegExp(`"${mark}(\\d+)"`, 'g')

/** JSON in which whatever has kept its text stands as it was uploaded. */
export function writeVerbatimJson(value: unknown): string {
  if (!isUsed) return JSON.stringify(value) ?? 'null'
  const whole = keptText(value)
  if (whole !== undefined) return whole
  const kept: string[] = []
  const text = JSON.stringify(value, (_key, member: unknown) => {
    const own = keptText(member)
    return own === undefined ? member : `${mark}${kept.push(own) - 1}`
  })
  if (text === undefined) return 'null'
  return kept.length === 0 ? text : text.replaceAll(places, (_all, index: string) => kept[Number(index)] ?? '')
}
