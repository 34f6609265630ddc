/**
 * The hash of the revocation list: an entry by its id as JSON, and `version`, which every change
 * raises. Entries carry when Redis may forget them: "time text".
 */

/** ARGV: id, text, when it may be forgotten, now (epoch ms). What may be is, now and then. */
export const REVOKE = `
redis.call('HSET', KEYS[1], ARGV[1], ARGV[3] .. ' ' .. ARGV[2])
local version = redis.call('HINCRBY', KEYS[1], 'version', 1)
if version % 64 == 0 then
  local all = redis.call('HGETALL', KEYS[1])
  for i = 1, #all, 2 do
    local till = tonumber(string.match(all[i + 1], '^(%d+) ') or '')
    if till and till < tonumber(ARGV[4]) then redis.call('HDEL', KEYS[1], all[i]) end
  end
end
return 1
`;

/** ARGV: the version that is known. Answers the version, and all texts when it is another. */
export const ALL_REVOCATIONS = `
local version = redis.call('HGET', KEYS[1], 'version') or '0'
local texts = {}
if version ~= ARGV[1] then
  local all = redis.call('HGETALL', KEYS[1])
  for i = 1, #all, 2 do
    local text = string.match(all[i + 1], '^%d+ (.*)$')
    if text then texts[#texts + 1] = text end
  end
end
return { version, texts }
`;
