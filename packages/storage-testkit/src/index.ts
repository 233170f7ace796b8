export type { StorageHarness } from './harness.ts'
export type { TestFunction, TestStorageOptions } from './test-storage.ts'
export { testStorage } from './test-storage.ts'
