export type {
  PostmanBody,
  PostmanCollection,
  PostmanEvent,
  PostmanFolder,
  PostmanItem,
  PostmanPair,
  PostmanRequest,
  PostmanResponse,
  PostmanUrl,
  PostmanVariable,
} from './collection.ts'
export type { PatternRequests, RequestContext } from './patterns/pattern.ts'
export { builtinRequests } from './patterns/registry.ts'
export type { AnswerPlan, BodyPlan, Capture, Pair, RequestPlan } from './requests/plan.ts'
export { type CollectionOptions, toCollection } from './to-collection.ts'
export type { Variable } from './variables/variable.ts'
