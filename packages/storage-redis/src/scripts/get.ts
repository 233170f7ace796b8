import { clock, readRecord } from './parts.ts'
import { script } from './script.ts'

export const getScript = script(
  `
-- KEYS[1] the prefix of all keys
-- ARGV    for each record its key, and the version whose body is not wanted ('' for none)
-- returns the records in that order, false where there is none
`,
  clock,
  readRecord,
  `
local found = {}
for index = 1, #ARGV, 2 do
  found[#found + 1] = read_record(ARGV[index], ARGV[index + 1], false)
end
return found
`,
)
