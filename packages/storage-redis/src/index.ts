export type { CommandArgument, RedisClientLike, RedisSubscriberLike } from './redis-client-like.ts'
export type { RedisStorageOptions } from './redis-storage.ts'
export { redisStorage } from './redis-storage.ts'
// biome-ignore lint/style/noDefaultExport: `--storage` imports any module whose default export makes a storage of a URL.
export { storageFromUrl as default, storageFromUrl } from './storage-from-url.ts'
