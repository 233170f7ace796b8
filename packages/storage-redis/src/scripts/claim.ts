import { clock, eraseRecords, readRecord, takeVersions } from './parts.ts'
import { script } from './script.ts'

export const claimScript = script(
  `
-- KEYS[1] the prefix of all keys
-- ARGV[1] the queue
-- ARGV[2] at most so many records
-- ARGV[3] how long they are leased, in milliseconds
-- returns the clock, when the next record is due (false for none), the leased records
`,
  clock,
  readRecord,
  takeVersions,
  eraseRecords,
  `
erase_expired()
local queue, limit, leased_until = ARGV[1], tonumber(ARGV[2]), string.format('%.17g', now + ARGV[3])
local name = prefix .. 'queue:' .. queue
-- Whoever comes next goes on where this one stops.
local patience = 1000

-- The record, or false after its key was taken out of the queue, in which it does not belong any more.
local function waiting(key, without_body)
  local record = read_record(key, '', without_body)
  if record and record[5] == queue then return record end
  if not record then erase(key, true, false) end
  redis.call('ZREM', name, key)
  patience = patience - 1
  return false
end

local due = {}
while #due < limit and patience > 0 do
  local keys = redis.call('ZRANGEBYSCORE', name, '-inf', now, 'LIMIT', #due, math.min(limit - #due, patience))
  if #keys == 0 then break end
  for _, key in ipairs(keys) do
    local record = waiting(key, false)
    if record then due[#due + 1] = record end
  end
end

if #due > 0 then
  -- A full Redis refuses a script whose first write may need memory. A lease needs none, and what frees memory waits for one.
  redis.call('ZREM', name, due[1][1])
  local first = take_versions(#due)
  for index, record in ipairs(due) do
    record[2], record[6] = string.format('%.0f', first + index - 1), leased_until
    redis.call('HSET', prefix .. 'record:' .. record[1], 'version', record[2], 'dueAt', leased_until)
    redis.call('ZADD', name, leased_until, record[1])
  end
end

local next_due = redis.call('ZRANGE', name, 0, 0, 'WITHSCORES')
while next_due[1] and patience > 0 and not waiting(next_due[1], true) do
  next_due = redis.call('ZRANGE', name, 0, 0, 'WITHSCORES')
end
return {now, next_due[2] or false, due}
`,
)
