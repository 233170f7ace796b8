import { clock, readRecord } from './parts.ts'
import { script } from './script.ts'

/** Looks at so many keys and takes along so many bytes at most: Redis serves nobody else meanwhile. */
export const listScript = script(
  `
-- KEYS[1] the prefix of all keys
-- ARGV[1] 'ZRANGEBYLEX' or 'ZREVRANGEBYLEX'
-- ARGV[2] the bound to begin at
-- ARGV[3] the bound to end at
-- ARGV[4] at most so many records
-- ARGV[5] 'bodies' to bring these too
-- returns the records, and the key to go on after (false when all was seen)
`,
  clock,
  readRecord,
  `
local limit = tonumber(ARGV[4])
local portion = math.max(100, math.min(limit, 1000))
local keys = redis.call(ARGV[1], prefix .. 'keys', ARGV[2], ARGV[3], 'LIMIT', 0, portion)
local records, bytes = {}, 0
for _, key in ipairs(keys) do
  local record = read_record(key, '', ARGV[5] ~= 'bodies')
  if record then
    records[#records + 1] = record
    bytes = bytes + #record[3]
    if type(record[7]) == 'string' then bytes = bytes + #record[7] end
    if #records == limit or bytes > 8000000 then return {records, key} end
  end
end
return {records, #keys == portion and keys[portion]}
`,
)
