export { type Refusal, type RefusalKind, refusal } from './answers/refusal.ts'
export { findUnservable } from './definitions/find-unservable.ts'
export type { ReloadReport } from './definitions/reload-report.ts'
export type { Engine, EngineLimits, EngineOptions } from './engine.ts'
export { createEngine } from './engine.ts'
export type { FetchOptions } from './engine-fetch.ts'
export type { ErrorCode, ImnotErrorOptions } from './errors.ts'
export { ImnotError, isImnotError } from './errors.ts'
export type { FlowValue } from './flows/flow-record.ts'
export type { FlowFilter } from './flows/flow-store.ts'
export type { Moment } from './handling/moment.ts'
export { mediaTypeOf } from './http/media-type-of-file.ts'
export type { EngineHeaders, EngineRequest, EngineResponse } from './http/messages.ts'
export { respond, respondJson } from './http/respond.ts'
export type { JournalLimits } from './journal/journal-entry.ts'
export { isPattern } from './patterns/assert-patterns.ts'
export type { CustomContext, Declared, DeclaredAnswer } from './patterns/custom-context.ts'
export { type CustomPattern, definePattern, type PatternOptions } from './patterns/define-pattern.ts'
export type { EndpointBehaviour, Plan } from './patterns/pattern.ts'
export type { Clock } from './ports/clock.ts'
export { systemClock } from './ports/clock.ts'
export type { DefinitionSource, FailedDefinition, LoadedDefinitions } from './ports/definition-source.ts'
export type { LogFields, Logger } from './ports/logger.ts'
export { silentLogger } from './ports/logger.ts'
export type { Outbound, OutboundRequest, OutboundResponse } from './ports/outbound.ts'
export type { PostmanExport } from './ports/postman-export.ts'
export type {
  CheckOperation,
  Claimed,
  ClaimOptions,
  DeleteOperation,
  Expectation,
  GetOptions,
  IncrementOptions,
  JsonValue,
  ListOptions,
  PutOperation,
  Storage,
  StoredRecord,
  WriteOperation,
  WriteResult,
} from './ports/storage.ts'
export type { Match } from './routing/match.ts'
export { urlBelow } from './routing/mount-path.ts'
export type { CopiedStorage, CopyOptions } from './storage/copy-storage.ts'
export { copyStorage } from './storage/copy-storage.ts'
export type { EncryptedStorage, EncryptionOptions } from './storage/encryption/encrypted.ts'
export { encrypted } from './storage/encryption/encrypted.ts'
export type { EncryptionKey } from './storage/encryption/encryption-keys.ts'
export type { MemoryStorageOptions } from './storage/memory-storage.ts'
export { memoryStorage } from './storage/memory-storage.ts'
export { version } from './version.ts'
