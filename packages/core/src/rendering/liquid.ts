import type { Context, Liquid } from 'liquidjs'
import { DefinitionFault } from '../definition-fault.ts'
import { library } from '../libraries.ts'
import { ownFilters } from './filters/registry.ts'
import { readMember } from './read-member.ts'
import { readRoot, type Scope } from './scope.ts'
import { toEscapedText, toPlainData, toText } from './to-text.ts'

/** Counted by Liquid itself: characters and items, and milliseconds of one rendering. */
const limits = { memoryLimit: 10_000_000, renderLimit: 1000, parseLimit: 1_048_576 }

type LiquidModule = typeof import('liquidjs')

interface LiquidKit {
  readonly engine: Liquid
  readonly escaping: Liquid
  readonly contextFor: (scope: Scope, engine: Liquid) => Context
  readonly toValueSync: LiquidModule['toValueSync']
  readonly Value: LiquidModule['Value']
}

/** One `{{ … }}` with filters. Gives the value with its type; undefined where it fails. */
export function compileLiquidOutput(source: string): (scope: Scope) => unknown {
  const { engine, contextFor, toValueSync, Value } = kit()
  const value = parse(source, () => new Value(source, engine))
  return (scope) => {
    try {
      return toData(toValueSync(value.value(contextFor(scope, engine), false) as never))
    } catch {
      return undefined
    }
  }
}

/** A text with `{% %}`. Empty where it fails. */
export function compileLiquid(text: string, escapes: boolean): (scope: Scope) => string {
  const { engine, escaping, contextFor } = kit()
  const chosen = escapes ? escaping : engine
  const templates = parse(text, () => chosen.parse(text))
  return (scope) => {
    try {
      return toText(chosen.renderSync(templates, contextFor(scope, chosen)))
    } catch {
      return ''
    }
  }
}

function parse<T>(text: string, parseText: () => T): T {
  // Filters run when there is no time to load anything.
  if (/\|\s*match\b/.test(text)) library('re2')
  try {
    return parseText()
  } catch (error) {
    const reason = error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error)
    throw new DefinitionFault(`The template cannot be read: ${reason.replace(/, line:\d+.*$/, '')}.`, text)
  }
}

const kits = new WeakMap<LiquidModule, LiquidKit>()

function kit(): LiquidKit {
  const liquid = library('liquid')
  const known = kits.get(liquid)
  if (known !== undefined) return known
  const made = makeKit(liquid)
  kits.set(liquid, made)
  return made
}

function makeKit(liquid: LiquidModule): LiquidKit {
  const SafeContext = safeContext(liquid)
  const make = (outputEscape: (value: unknown) => string) => {
    const engine = new liquid.Liquid({
      strictFilters: true,
      ownPropertyOnly: true,
      locale: 'en-US',
      timezoneOffset: 0,
      dateFormat: '%Y-%m-%dT%H:%M:%SZ',
      // There are no files for `render` and `include` to read.
      templates: {},
      outputEscape,
      ...limits,
    })
    for (const [name, filter] of Object.entries(ownFilters)) {
      engine.registerFilter(name, function (value: unknown, ...args: unknown[]) {
        const { scope } = this.context as Context & { scope: Scope }
        return filter(toPlainData(value), args, {
          scope,
          liquid: (other, input, more) => callLiquid(this, other, input, more),
        })
      })
    }
    return engine
  }
  const callLiquid = (self: unknown, name: string, value: unknown, args: readonly unknown[]) => {
    const filter = (liquid.filters as Readonly<Record<string, unknown>>)[name] as (...input: unknown[]) => unknown
    return filter.call(self, value, ...args)
  }
  return {
    engine: make(toText),
    escaping: make(toEscapedText),
    contextFor: (scope, engine) => new SafeContext(scope, engine),
    toValueSync: liquid.toValueSync,
    Value: liquid.Value,
  }
}

/** Liquid's context, with all reading done by `readMember`: Liquid itself answers `.size` of a mapping with the number of its keys. */
function safeContext({ Context, Drop, toValue }: LiquidModule) {
  const roots = Object.freeze(Object.create(null))
  return class SafeContext extends Context {
    constructor(
      readonly scope: Scope,
      engine: Liquid,
      local: object = Object.create(null),
      limiters: Partial<Pick<Context, 'memoryLimit' | 'renderLimit'>> = {},
    ) {
      super(local, engine.options, { sync: true, globals: roots }, { ...limiters, liquid: engine })
    }

    override readProperty(value: object, key: string | number): unknown {
      if (value === this.globals) return readRoot(this.scope, String(key))
      if (value instanceof Drop) return super.readProperty(value, key)
      return readMember(toValue(value), toValue(key) as string | number)
    }

    override spawn(local: object = {}): Context {
      const { memoryLimit, renderLimit } = this
      return new SafeContext(this.scope, this.liquid, Object.assign(Object.create(null), local), {
        memoryLimit,
        renderLimit,
      })
    }
  }
}

/** What a filter may have made, as data. */
function toData(value: unknown): unknown {
  if (typeof value === 'number') return Number.isFinite(value) ? value : undefined
  if (typeof value === 'function' || typeof value === 'symbol' || typeof value === 'bigint') return undefined
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value
  if (value instanceof Date) return value.toISOString()
  return value
}
