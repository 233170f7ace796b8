import { script } from './script.ts'

export const incrementScript = script(`
-- KEYS[1] the prefix of all keys
-- ARGV[1] the counter
-- ARGV[2] how much to add
-- ARGV[3] how many milliseconds after its first increment the counter vanishes ('' for never)
-- returns what the counter is then
local name = KEYS[1] .. 'counter:' .. ARGV[1]
local is_new = redis.call('EXISTS', name) == 0
local value = redis.call('INCRBY', name, ARGV[2])
if is_new and ARGV[3] ~= '' then redis.call('PEXPIRE', name, ARGV[3]) end
return value
`)
