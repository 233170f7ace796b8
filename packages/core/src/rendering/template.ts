import { hasTemplate, readTemplate, type Template, type TemplateOutput } from '@imnot/schema'
import { compileLiquid, compileLiquidOutput } from './liquid.ts'
import { readPath } from './read-member.ts'
import { fixedRenderer, type Renderer, rendererOf } from './renderer.ts'
import { readRoot, type Scope } from './scope.ts'
import { toEscapedText, toText } from './to-text.ts'

export interface TemplateOptions {
  /** `{id}` is short for the flow's id. @default false */
  readonly flowId?: boolean
  /** `{% %}` counts; in string bodies. @default false */
  readonly tags?: boolean
  /** Values are escaped for XML and HTML. @default false */
  readonly escapes?: boolean
}

/** Compiles a text. One that is exactly one template keeps the type of what it finds. */
export function compileTemplate(text: string, options: TemplateOptions = {}): Renderer {
  const source = options.flowId === true ? withFlowId(text) : text
  if (!hasTemplate(source)) return fixedRenderer(source)
  const read = readTemplate(source, { tags: options.tags === true })
  // The schema refuses such a text; one that comes another way is text.
  if (!read.ok) return fixedRenderer(text)
  const { template } = read
  if (template.hasTags) return rendererOf(compileLiquid(source, options.escapes === true), template.reads)
  const [only] = template.parts
  if (template.parts.length === 1 && only !== undefined && 'output' in only) {
    return compileOutput(only.output, options, template)
  }
  return compileText(template, options)
}

function compileOutput(output: TemplateOutput, { escapes }: TemplateOptions, { reads }: Template): Renderer {
  if (output.literal !== null) return fixedRenderer(output.literal.value)
  const read = outputReader(output)
  if (escapes !== true || isRaw(output)) return rendererOf(read, reads)
  return rendererOf((scope) => {
    const value = read(scope)
    return typeof value === 'string' ? toEscapedText(value) : value
  }, reads)
}

function compileText(template: Template, { escapes }: TemplateOptions): Renderer {
  const pieces: (string | ((scope: Scope) => string))[] = []
  for (const part of template.parts) {
    if ('literal' in part) pieces.push(part.literal)
    else if (part.output.literal !== null) pieces.push(toText(part.output.literal.value))
    else {
      const read = outputReader(part.output)
      const write = escapes === true && !isRaw(part.output) ? toEscapedText : toText
      pieces.push((scope) => write(read(scope)))
    }
  }
  if (pieces.every((piece) => typeof piece === 'string')) return fixedRenderer(pieces.join(''))
  return rendererOf((scope) => {
    let text = ''
    for (const piece of pieces) text += typeof piece === 'string' ? piece : piece(scope)
    return text
  }, template.reads)
}

function outputReader(output: TemplateOutput): (scope: Scope) => unknown {
  const { path } = output
  return path === null ? compileLiquidOutput(output.source) : compilePath(path)
}

/** A dotted path reads its value without Liquid, which takes a hundred times as long. */
export function compilePath(path: readonly (string | number)[]): (scope: Scope) => unknown {
  const [root, ...members] = path
  const name = String(root)
  if (members.length === 0) return (scope) => readRoot(scope, name)
  return (scope) => readPath(readRoot(scope, name), members)
}

function isRaw({ filters }: TemplateOutput): boolean {
  return filters.at(-1)?.name === 'raw'
}

/** `{id}` as it stood in definitions before there were templates. Not inside a template's own braces. */
function withFlowId(text: string): string {
  return text.replaceAll(/\{\{[\s\S]*?\}\}|\{%[\s\S]*?%\}|\{id\}/g, (found) =>
    found === '{id}' ? '{{ flow.id }}' : found,
  )
}
