export type { DriverName } from './drivers/driver.ts'
export type { SqliteStorageOptions } from './sqlite-storage.ts'
export { sqliteStorage } from './sqlite-storage.ts'
// biome-ignore lint/style/noDefaultExport: `--storage` imports any module whose default export makes a storage of a URL.
export { storageFromUrl as default, storageFromUrl } from './storage-from-url.ts'
