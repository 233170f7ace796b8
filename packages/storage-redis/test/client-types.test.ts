import type { Cluster, Redis } from 'ioredis'
import { expectTypeOf, test } from 'vitest'
import type { RedisClientLike } from '../src/redis-client-like.ts'

test('the clients of ioredis fit, whatever shape they give to replies', () => {
  expectTypeOf<Redis>().toExtend<RedisClientLike>()
  expectTypeOf<Redis<'resp3'>>().toExtend<RedisClientLike>()
  expectTypeOf<Cluster>().toExtend<RedisClientLike>()
})

test('what cannot answer with bytes does not fit', () => {
  expectTypeOf<Pick<Redis, 'call' | 'duplicate'>>().not.toExtend<RedisClientLike>()
})
