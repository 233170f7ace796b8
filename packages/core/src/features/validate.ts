import type { DeclaredValidation } from '@imnot/schema'
import { refusal } from '../answers/refusal.ts'
import type { Moment } from '../handling/moment.ts'
import type { CompileContext } from '../patterns/pattern.ts'
import { compileFieldRules } from '../validation/field-rules.ts'
import { compileJsonSchema } from '../validation/json-schema.ts'
import { refuseMediaType, refuseUnacceptable } from '../validation/media-types.ts'
import type { Violation } from '../validation/violation.ts'
import type { FeatureCompiler } from './feature.ts'

const parts = ['params', 'query', 'headers', 'body'] as const
const mostTold = 100

/** `validate`: a request that is not what it must be is refused with everything that is wrong with it. */
export const validateFeature: FeatureCompiler = (context) => {
  const { validate } = context.endpoint
  if (validate === undefined || validate === false) return null
  const checks = compileChecks(validate, context)
  const { content_type: types, accept } = validate
  return {
    isStateless: true,
    readsBody: validate.body !== undefined || validate.schema !== undefined,
    before({ exchange }) {
      const unfit = refuseMediaType(types, exchange) ?? refuseUnacceptable(accept, exchange)
      if (unfit !== null) return unfit
      const violations = checks.flatMap((check) => check(exchange)).slice(0, mostTold)
      if (violations.length === 0) return null
      const told = violations.map(({ place, field, problem }) =>
        field === '' ? `${place} ${problem}` : `${place} "${field}" ${problem}`,
      )
      const count = violations.length === 1 ? '1 fault' : `${violations.length} faults`
      return refusal('invalid', `The request has ${count}: ${told.join('; ')}.`, {
        more: { violations: violations.map((violation) => ({ ...violation })) },
      })
    },
  }
}

type Check = (exchange: Moment['exchange']) => readonly Violation[]

function compileChecks(validate: DeclaredValidation, { options }: CompileContext): Check[] {
  const rules = parts.flatMap((part) => {
    const declared = validate[part]
    return declared === undefined ? [] : [compileFieldRules(part, declared)]
  })
  return validate.schema === undefined ? rules : [...rules, compileJsonSchema(validate.schema, options.readFile)]
}
