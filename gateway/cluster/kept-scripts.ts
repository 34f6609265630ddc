/**
 * What happens at once or not at all to the hash of a room. The field `term` is that of the home that
 * took it last: one of an earlier term writes nothing any more.
 */

/**
 * ARGV: term, ms to live, ms to live while it is empty, then fields and their texts; an empty text
 * deletes. Answers 0 to a home whose time is over, else 1.
 */
export const KEEP = `
local known = tonumber(redis.call('HGET', KEYS[1], 'term') or '0')
if known > tonumber(ARGV[1]) then return 0 end
redis.call('HSET', KEYS[1], 'term', ARGV[1])
for i = 4, #ARGV, 2 do
  if ARGV[i + 1] == '' then
    redis.call('HDEL', KEYS[1], ARGV[i])
  else
    redis.call('HSET', KEYS[1], ARGV[i], ARGV[i + 1])
  end
end
if redis.call('HLEN', KEYS[1]) == 1 then
  redis.call('PEXPIRE', KEYS[1], ARGV[3])
else
  redis.call('PEXPIRE', KEYS[1], ARGV[2])
end
return 1
`;

/** Whether the key is there. */
export const IS_THERE = `
return redis.call('EXISTS', KEYS[1])
`;
