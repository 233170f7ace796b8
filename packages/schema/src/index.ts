export { checkDefinition } from './check-definition.ts'
export { operatorNames } from './conditions/operator-names.ts'
export type { DatapointDefinition, EndpointDefinition, PartnerDefinition } from './definition.ts'
export type { DefinitionFiles } from './definition-files.ts'
export { type Diagnostic, formatDiagnostic, type RelatedPlace } from './diagnostic.ts'
export type { DeclaredAuth, DeclaredWay } from './fields/auth.ts'
export type { DeclaredEvent } from './fields/body-events.ts'
export type { DeclaredCallback } from './fields/callbacks.ts'
export { callbacks as callbacksField } from './fields/callbacks.ts'
export type { DeclaredClient } from './fields/clients.ts'
export type { DeclaredCors } from './fields/cors.ts'
export type { DeclaredDelay } from './fields/delay.ts'
export { duration } from './fields/duration.ts'
export { type DeclaredEffect, recordVerbs } from './fields/effects.ts'
export { endpointFields } from './fields/endpoint.ts'
export { type DeclaredErrors, errorKinds } from './fields/errors.ts'
export { type ConnectionFault, connectionFaults, type DeclaredFault } from './fields/fault.ts'
export { fileName as fileNameField } from './fields/file-name.ts'
export { headers as headersField } from './fields/headers.ts'
export { idFormat as idFormatField } from './fields/id-format.ts'
export { oneOf, text, truth, wholeNumber } from './fields/leaf.ts'
export { reservedPartnerNames } from './fields/names.ts'
export type { DeclaredRateLimit } from './fields/rate-limit.ts'
export { bodyField, responseFields, status as statusField } from './fields/response.ts'
export type { DeclaredState } from './fields/states.ts'
export { type DeclaredRule, type DeclaredValidation, valueTypes } from './fields/validate.ts'
export { type IdPart, type IdToken, isNumericFormat, type ReadIdFormat, readIdFormat } from './ids/read-id-format.ts'
export { definitionJsonSchema } from './json-schema.ts'
export { mapping } from './language-mapping.ts'
export { languageReference } from './language-reference.generated.ts'
export { type ParsedDefinition, type ParseOptions, type ParseResult, parseDefinition } from './parse-definition.ts'
export { type ParsedPath, type PathSegmentPart, parsePath } from './path-syntax.ts'
export type { AsyncDatapoint } from './patterns/async.ts'
export type { CallbackDatapoint } from './patterns/callback.ts'
export {
  type CustomDatapoint,
  type CustomEndpoint,
  type CustomSchemaOptions,
  customSchema,
  type FieldShape,
  type FieldValues,
} from './patterns/custom-schema.ts'
export type { FetchDatapoint } from './patterns/fetch.ts'
export type { OauthDatapoint, OauthEndpoint } from './patterns/oauth.ts'
export type { OauthOperation } from './patterns/oauth-endpoint.ts'
export type { PaginatedDatapoint } from './patterns/paginated.ts'
export {
  type DatapointShape,
  datapointSchema,
  type EndpointShape,
  type Inherited,
  type PatternSchema,
  type ResponseShape,
} from './patterns/pattern.ts'
export { builtinPatterns, findPattern } from './patterns/registry.ts'
export type { ResourceDatapoint } from './patterns/resource.ts'
export type { Operation } from './patterns/resource-operations.ts'
export { scopeOf as resourceScope } from './patterns/resource-rules.ts'
export type { StaticDatapoint } from './patterns/static.ts'
export { type PickedPartners, pickPartners } from './pick-partners.ts'
export type { Problem, ValuePath } from './problem.ts'
export { findRouteConflicts } from './route-conflicts.ts'
export { type RouteEntry, routesOf } from './route-table.ts'
export { stripToYaml } from './strip-to-yaml.ts'
export { filterNames, liquidFilterNames, ownFilterNames, templateRoots } from './templates/filter-names.ts'
export type { Expression, NamedPlace } from './templates/read-expression.ts'
export {
  hasTemplate,
  type ReadTemplate,
  readTemplate,
  type Template,
  type TemplateOutput,
  type TemplatePart,
} from './templates/read-template.ts'
