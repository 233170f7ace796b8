import { clock } from './parts.ts'
import { script } from './script.ts'

/** Marks new data with its format, and tells the format that is there. Stumbles over keys of another kind, changing nothing. */
export const prepareScript = script(
  `
-- KEYS[1] the prefix of all keys
-- ARGV[1] the number of the format that the caller writes
-- ARGV[2] the version of the package that the caller is
-- returns the number of the format that is there, and the version of the package that made it
`,
  clock,
  `
local format = redis.call('HMGET', prefix .. 'format', 'number', 'madeBy')
redis.call('GET', prefix .. 'version')
redis.call('ZCARD', prefix .. 'keys')
redis.call('ZCARD', prefix .. 'expiry')
if format[1] then return format end
redis.call('HSET', prefix .. 'format', 'number', ARGV[1], 'madeBy', ARGV[2])
return {ARGV[1], ARGV[2]}
`,
)
