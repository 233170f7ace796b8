import { compileCondition } from '../conditions/condition.ts'
import { isMapping } from './read-member.ts'
import { fixedRenderer, type Renderer, readsOf, rendererOf } from './renderer.ts'
import { type Scope, withLocals } from './scope.ts'
import { compileTemplate, type TemplateOptions } from './template.ts'
import { toPlainData } from './to-text.ts'

/**
 * Compiles a declared value: text with templates, a mapping, a list, `for_each` and `choose`. A member or an item whose
 * template finds nothing is left out; null stays.
 */
export function compileValue(declared: unknown, options: TemplateOptions = {}): Renderer {
  if (typeof declared === 'string') return plain(compileTemplate(declared, { ...options, tags: false, escapes: false }))
  if (Array.isArray(declared)) return compileList(declared, options)
  if (!isMapping(declared)) return fixedRenderer(declared)
  if (isLoop(declared)) return compileLoop(declared, options)
  if (isChoice(declared)) return compileChoice(declared, options)
  return compileMapping(declared, options)
}

/** `{ for_each: item, in: "{{ … }}", when: …, value: … }` */
export function isLoop(declared: Readonly<Record<string, unknown>>): boolean {
  return (
    typeof declared.for_each === 'string' && 'in' in declared && hasOnly(declared, ['for_each', 'in', 'when', 'value'])
  )
}

/** `{ choose: [ { when: …, value: … }, { value: … } ] }` */
export function isChoice(declared: Readonly<Record<string, unknown>>): boolean {
  return (
    Array.isArray(declared.choose) &&
    hasOnly(declared, ['choose']) &&
    declared.choose.every((entry) => isMapping(entry) && 'value' in entry && hasOnly(entry, ['when', 'value']))
  )
}

function plain(renderer: Renderer): Renderer {
  return renderer.isFixed ? renderer : rendererOf((scope) => toPlainData(renderer(scope)), renderer.reads)
}

function compileList(declared: readonly unknown[], options: TemplateOptions): Renderer {
  const items = declared.map((item) => compileValue(item, options))
  if (items.every((item) => item.isFixed)) return fixedRenderer(declared)
  return rendererOf((scope) => items.map((item) => item(scope)).filter((item) => item !== undefined), readsOf(items))
}

function compileMapping(declared: Readonly<Record<string, unknown>>, options: TemplateOptions): Renderer {
  const members = Object.entries(declared).map(([name, value]) => [name, compileValue(value, options)] as const)
  const renderers = members.map(([, renderer]) => renderer)
  if (renderers.every((renderer) => renderer.isFixed)) return fixedRenderer(declared)
  const isOrdinary = !Object.hasOwn(declared, '__proto__')
  return rendererOf((scope) => {
    const mapping: Record<string, unknown> = isOrdinary ? {} : Object.create(null)
    for (const [name, render] of members) {
      const value = render(scope)
      if (value !== undefined) mapping[name] = value
    }
    return mapping
  }, readsOf(renderers))
}

function compileLoop(declared: Readonly<Record<string, unknown>>, options: TemplateOptions): Renderer {
  const name = String(declared.for_each)
  const list = compileValue(declared.in, options)
  const condition = declared.when === undefined ? null : compileCondition(declared.when, options)
  const value = compileValue('value' in declared ? declared.value : `{{ ${name} }}`, options)
  return rendererOf(
    (scope) => {
      const values: unknown[] = []
      for (const inner of loopScopes(scope, name, list(scope), condition)) {
        const rendered = value(inner)
        if (rendered !== undefined) values.push(rendered)
      }
      return values
    },
    readsOf([list, value, ...(condition === null ? [] : [condition])]),
  )
}

/** The scope of each turn of a loop: the item by its name, and `forloop` as Liquid has it, counted over the items that `when` lets in. */
export function loopScopes(
  scope: Scope,
  name: string,
  list: unknown,
  condition: ((scope: Scope) => boolean) | null = null,
): Scope[] {
  const all = Array.isArray(list) ? list : list === undefined || list === null ? [] : [list]
  const items = condition === null ? all : all.filter((item) => condition(withLocals(scope, { [name]: item })))
  const { length } = items
  return items.map((item, index0) => {
    const first = index0 === 0
    const last = index0 === length - 1
    const forloop = {
      index: index0 + 1,
      index0,
      first,
      last,
      length,
      rindex: length - index0,
      rindex0: length - index0 - 1,
    }
    return withLocals(scope, { [name]: item, forloop })
  })
}

function compileChoice(declared: Readonly<Record<string, unknown>>, options: TemplateOptions): Renderer {
  const entries = (declared.choose as readonly Readonly<Record<string, unknown>>[]).map((entry) => ({
    condition: entry.when === undefined ? null : compileCondition(entry.when, options),
    value: compileValue(entry.value, options),
  }))
  const parts = entries.flatMap(({ condition, value }) => (condition === null ? [value] : [condition, value]))
  return rendererOf(
    (scope) => entries.find(({ condition }) => condition === null || condition(scope))?.value(scope),
    readsOf(parts),
  )
}

function hasOnly(mapping: Readonly<Record<string, unknown>>, names: readonly string[]): boolean {
  return Object.keys(mapping).every((name) => names.includes(name))
}
