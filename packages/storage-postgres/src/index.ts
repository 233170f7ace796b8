export type { PgClientLike, PgPoolLike, PgQuery, PgResult } from './connection/pg-pool-like.ts'
export type { PostgresStorageOptions } from './postgres-storage.ts'
export { postgresStorage } from './postgres-storage.ts'
// biome-ignore lint/style/noDefaultExport: `--storage` imports any module whose default export makes a storage of a URL.
export { storageFromUrl as default, storageFromUrl } from './storage-from-url.ts'
