/**
 * What several scripts share. Each script gets one key, the prefix with its hash tag, and derives from it every key that it
 * touches: they all lie in one slot of a Cluster, and a `keyPrefix` of the client stands before them all.
 *
 * PREFIX..format       hash: `number` of the format, `madeBy` the version of this package
 * PREFIX..version      the last version that was given to a record
 * PREFIX..record:KEY   hash: `version`, `value`, and where there is one `body` and its `size`, `expiresAt`, `queue`, `dueAt`
 * PREFIX..keys         sorted set of all keys, each with score 0: by the bytes of the key
 * PREFIX..expiry       sorted set of the keys that expire: by `expiresAt`
 * PREFIX..queue:QUEUE  sorted set of the keys in a queue: by `dueAt`
 * PREFIX..counter:KEY  a counter, the only kind of key that Redis itself lets expire
 */

/** The clock. Before version 7 Redis refuses a write after TIME unless it is asked to replicate what a script does, not the script. */
export const clock = `
if redis.replicate_commands then redis.replicate_commands() end
local prefix = KEYS[1]
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
`

/**
 * A record as {key, version, value, expiresAt, queue, dueAt, body}; false where there is none, or an expired one. A body of
 * over a megabyte is only told by its size: on its way through a script it costs Redis three times as long.
 */
export const readRecord = `
local function read_record(key, known_version, without_body)
  local name = prefix .. 'record:' .. key
  local fields = redis.call('HMGET', name, 'version', 'value', 'expiresAt', 'queue', 'dueAt', 'size')
  local version, size = fields[1], tonumber(fields[6] or nil)
  if not version or (fields[3] and tonumber(fields[3]) <= now) then return false end
  local body = false
  if size and not without_body and version ~= known_version then
    body = size > 1000000 and size or redis.call('HGET', name, 'body')
  end
  return {key, version, fields[2], fields[3], fields[4], fields[5], body}
end
`

/**
 * Versions follow the clock in microseconds, and never go back: so none comes twice although a restart or a failover may
 * have lost the last one given.
 */
export const takeVersions = `
local function take_versions(count)
  local name = prefix .. 'version'
  local last = tonumber(redis.call('GET', name) or 0)
  local first = math.max(last, time[1] * 1000000 + time[2]) + 1
  redis.call('SET', name, string.format('%.0f', first + count - 1))
  return first
end
`

export const eraseRecords = `
local function erase(key, expires_at, queue)
  redis.call('UNLINK', prefix .. 'record:' .. key)
  redis.call('ZREM', prefix .. 'keys', key)
  if expires_at then redis.call('ZREM', prefix .. 'expiry', key) end
  if queue then redis.call('ZREM', prefix .. 'queue:' .. queue, key) end
end

-- A portion, since everybody waits for it; what has expired is hidden anyway.
local function erase_expired()
  for _, key in ipairs(redis.call('ZRANGEBYSCORE', prefix .. 'expiry', '-inf', now, 'LIMIT', 0, 100)) do
    local fields = redis.call('HMGET', prefix .. 'record:' .. key, 'expiresAt', 'queue')
    if fields[1] and tonumber(fields[1]) > now then
      redis.call('ZADD', prefix .. 'expiry', fields[1], key)
    else
      erase(key, true, fields[2])
    end
  end
end
`
