export type { ErrorCode, ImnotErrorOptions } from './errors.ts'
export { ImnotError, isImnotError } from './errors.ts'
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
