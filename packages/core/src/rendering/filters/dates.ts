import { toText } from '../to-text.ts'
import type { Filter } from './filter.ts'

/** Formats that have a name. */
const formats: Readonly<Record<string, string>> = {
  iso: '%Y-%m-%dT%H:%M:%S%:z',
  http: '%a, %d %b %Y %H:%M:%S GMT',
}

const shortForms: Readonly<Record<string, string>> = { '%F': '%Y-%m-%d', '%T': '%H:%M:%S', '%R': '%H:%M' }

const units: Readonly<Record<string, number>> = {
  ms: 1,
  s: 1000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  w: 604_800_000,
}

export const dateFilters = {
  /** `{{ now | date: "%Y-%m-%d", "Europe/Berlin" }}`: strftime, `iso` or `http`; the zone by its name or as minutes, UTC by default. */
  date(input, [format, zone], { liquid, scope }) {
    const moment = millisecondsOf(input, scope.now)
    if (moment === undefined) return input
    const name = toText(format)
    const pattern = Object.hasOwn(formats, name) ? formats[name] : expand(name)
    return liquid('date', new Date(moment).toISOString(), [
      pattern || formats.iso,
      ...(zone === undefined ? [] : [zone]),
    ])
  },

  /** Seconds since 1970, or with "ms" milliseconds. */
  unix(input, [unit], { scope }) {
    const moment = millisecondsOf(input, scope.now)
    if (moment === undefined) return undefined
    return unit === 'ms' ? moment : Math.floor(moment / 1000)
  },

  /** `{{ now | add_time: "2h" }}` and, before it, `{{ now | add_time: "-30m" }}`. */
  add_time(input, [duration], { scope }) {
    const moment = millisecondsOf(input, scope.now)
    const span = /^(-?)(\d+(?:\.\d+)?)(ms|[smhdw])$/.exec(toText(duration).trim())
    if (moment === undefined || span === null) return undefined
    const [, sign, amount, unit = 's'] = span
    const distance = Number(amount) * (units[unit] ?? 0) * (sign === '-' ? -1 : 1)
    return new Date(moment + distance).toISOString()
  },
} satisfies Record<string, Filter>

/** The short forms of strftime that Liquid does not have. */
function expand(format: string): string {
  return format.replaceAll(/%[FTR]/g, (short) => shortForms[short] ?? short)
}

/** Numbers, and text that is one, are seconds as in Liquid; `now` is the session's time. */
function millisecondsOf(input: unknown, now: string): number | undefined {
  const text = typeof input === 'number' ? String(input) : toText(input).trim()
  if (text === '') return undefined
  const moment =
    text === 'now' || text === 'today'
      ? Date.parse(now)
      : /^-?\d+(\.\d+)?$/.test(text)
        ? Number(text) * 1000
        : Date.parse(text)
  return Number.isNaN(new Date(moment).getTime()) ? undefined : moment
}
