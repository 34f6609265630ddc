/**
 * Which gateway holds a recording. `KEYS`: the hash of those that are open, then a key for each recording,
 * whose text is the holder's name.
 */

/** ARGV: own name, ms to live, now; then of each recording its id, its room, and 1 while it is open. */
export const KEEP_RECORDINGS = `
for i = 2, #KEYS do
  local at = 4 + (i - 2) * 3
  local id, room, open = ARGV[at], ARGV[at + 1], ARGV[at + 2]
  redis.call('SET', KEYS[i], ARGV[1], 'PX', ARGV[2])
  if open == '1' then
    redis.call('HSET', KEYS[1], id, room .. ' ' .. ARGV[3] .. ' ' .. ARGV[1])
  else
    redis.call('HDEL', KEYS[1], id)
  end
end
return 1
`;

/** ARGV: own name, id. A copy that another gateway holds stays. */
export const FORGET_RECORDING = `
if redis.call('GET', KEYS[2]) == ARGV[1] then
  redis.call('DEL', KEYS[2])
  redis.call('HDEL', KEYS[1], ARGV[2])
end
return 1
`;

/** The holders' names, empty where there is none. */
export const FIND_RECORDINGS = `
local names = {}
for i = 2, #KEYS do names[i - 1] = redis.call('GET', KEYS[i]) or '' end
return names
`;

/** ARGV: the time before which an entry is too old. Answers all that are open: their rooms and holders. */
export const OPEN_RECORDINGS = `
local all = redis.call('HGETALL', KEYS[1])
local open = {}
for i = 1, #all, 2 do
  local room, at, name = string.match(all[i + 1], '^(%S+) (%d+) (.*)$')
  if not room or tonumber(at) < tonumber(ARGV[1]) then
    redis.call('HDEL', KEYS[1], all[i])
  else
    open[#open + 1] = room
    open[#open + 1] = name
  end
end
return open
`;
