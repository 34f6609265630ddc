/**
 * `KEYS`: the post (hash of name, url, term; it ends by itself), meta. A post that was given back has an
 * empty name.
 */

/**
 * A gateway asks for a post, or keeps it. ARGV: own name, url, ms to live, the term it holds it in or 0,
 * and whether it wants it: `no`, `yes` (when it was given back), `now` (also when nobody has it). Answers
 * `here` and the term, `there` with name and url, or `nobody`.
 */
export const HOLD = `
local own, held, wants = ARGV[1], tonumber(ARGV[4]), ARGV[5]
local name, url, term = unpack(redis.call('HMGET', KEYS[1], 'name', 'url', 'term'))
if name and name ~= '' and name ~= own then return { 'there', name, url } end
if wants == 'no' then
  if name == own then redis.call('DEL', KEYS[1]) end
  return { 'nobody' }
end
local next
if held > 0 and (not name or (name == own and tonumber(term) == held)) then
  next = held
  if held > tonumber(redis.call('HGET', KEYS[2], 'term') or '0') then
    redis.call('HSET', KEYS[2], 'term', string.format('%.0f', held))
  end
elseif name or wants == 'now' then
  next = redis.call('HINCRBY', KEYS[2], 'term', 1)
else
  return { 'nobody' }
end
redis.call('HSET', KEYS[1], 'name', own, 'url', ARGV[2], 'term', string.format('%.0f', next))
redis.call('PEXPIRE', KEYS[1], ARGV[3])
return { 'here', next }
`;

/** A gateway gives a post back. ARGV: own name, ms for which that is known. */
export const GIVE_BACK = `
if redis.call('HGET', KEYS[1], 'name') ~= ARGV[1] then return 0 end
redis.call('HSET', KEYS[1], 'name', '', 'url', '')
redis.call('PEXPIRE', KEYS[1], ARGV[2])
return 1
`;
