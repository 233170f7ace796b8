import { clock, eraseRecords, readRecord, takeVersions } from './parts.ts'
import { script } from './script.ts'

/**
 * Redis undoes nothing when a script fails half way. So whatever can fail comes first: the expectations, the kinds of the
 * keys, and the one write that a full Redis refuses (Redis refuses no later one of the same script).
 */
export const writeScript = script(
  `
-- KEYS[1] the prefix of all keys
-- ARGV    for each operation: its type, key, and what it expects (a version, 'absent', or '' for nothing);
--         for 'put' and 'putBody' also value, expiresAt, queue, dueAt ('' where there is none);
--         for 'putBody' also the body
-- returns {1, the version of the first put; each further one has the next}, or
--         {0, the index of the first operation whose expectation did not hold, its record or false}
`,
  clock,
  readRecord,
  takeVersions,
  eraseRecords,
  `
local widths = {check = 3, delete = 3, put = 7, putBody = 8}
local starts, olds, puts = {}, {}, 0
local start = 1
while ARGV[start] do
  local key, expected = ARGV[start + 1], ARGV[start + 2]
  local old = redis.call('HMGET', prefix .. 'record:' .. key, 'version', 'expiresAt', 'queue', 'size')
  local version = old[1] or 'absent'
  if old[2] and tonumber(old[2]) <= now then version = 'absent' end
  if expected ~= '' and expected ~= version then return {0, #starts, read_record(key, '', false)} end

  local width = widths[ARGV[start]]
  if width > 3 then
    puts = puts + 1
    if ARGV[start + 5] ~= '' then redis.call('ZCARD', prefix .. 'queue:' .. ARGV[start + 5]) end
  end
  starts[#starts + 1] = start
  olds[#olds + 1] = old
  start = start + width
end

local function put(start, old, version)
  local key, expires_at, queue, due_at = ARGV[start + 1], ARGV[start + 4], ARGV[start + 5], ARGV[start + 6]
  local fields = {'version', string.format('%.0f', version), 'value', ARGV[start + 3]}
  local function set(field, value)
    fields[#fields + 1] = field
    fields[#fields + 1] = value
  end
  local has_body = ARGV[start] == 'putBody'
  if has_body then
    set('body', ARGV[start + 7])
    set('size', #ARGV[start + 7])
  end

  if not old[1] then
    redis.call('ZADD', prefix .. 'keys', 0, key)
  elseif (old[2] and expires_at == '') or (old[3] and queue == '') or (old[4] and not has_body) then
    -- Some field of the old record has no successor.
    redis.call('UNLINK', prefix .. 'record:' .. key)
  end
  if old[3] and old[3] ~= queue then redis.call('ZREM', prefix .. 'queue:' .. old[3], key) end
  if queue ~= '' then
    set('queue', queue)
    set('dueAt', due_at)
    redis.call('ZADD', prefix .. 'queue:' .. queue, due_at, key)
  end
  if expires_at ~= '' then
    set('expiresAt', expires_at)
    redis.call('ZADD', prefix .. 'expiry', expires_at, key)
  elseif old[2] then
    redis.call('ZREM', prefix .. 'expiry', key)
  end
  redis.call('HSET', prefix .. 'record:' .. key, unpack(fields))
end

local first = puts > 0 and take_versions(puts) or 0
local version = first
for index, start in ipairs(starts) do
  local old = olds[index]
  if ARGV[start] == 'delete' then
    if old[1] then erase(ARGV[start + 1], old[2], old[3]) end
  elseif ARGV[start] ~= 'check' then
    put(start, old, version)
    version = version + 1
  end
end
-- Looking costs a tenth of a write, so one in eight does it.
if time[2] % 8 == 0 then erase_expired() end
return {1, first}
`,
)
