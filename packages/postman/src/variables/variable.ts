import type { PostmanVariable } from '../collection.ts'

/** A Postman variable where a value stands. Only these are written as `{{name}}`: text of a definition never is. */
export interface Variable {
  readonly [isOurs]: true
  readonly name: string
}

const isOurs: unique symbol = Symbol('variable')

/** Data of a definition can have any member, but never this symbol. */
export function isVariable(value: unknown): value is Variable {
  return typeof value === 'object' && value !== null && isOurs in value
}

/** The variables of one collection. */
export interface Variables {
  /** The variable of this name, made with this value when it is first asked for. */
  declare(name: string, value: string, description: string): Variable
  list(): readonly PostmanVariable[]
}

export function createVariables(): Variables {
  const declared = new Map<string, PostmanVariable>()
  return {
    declare(name, value, description) {
      if (!declared.has(name)) declared.set(name, { key: name, value, type: 'string', description })
      return { [isOurs]: true, name }
    },
    list: () => [...declared.values()],
  }
}
