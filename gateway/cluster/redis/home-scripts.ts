/**
 * What happens at once or not at all. `KEYS`: homes (room → "term gateway", without a gateway when
 * it was given back), gateways (name → "lives-until url"), meta. Times are of Redis' clock alone.
 */
const COMMON = `
local HOMES, GATEWAYS, META = KEYS[1], KEYS[2], KEYS[3]
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local function gateway(name)
  local record = name ~= '' and redis.call('HGET', GATEWAYS, name)
  if not record then return nil end
  local till, url = string.match(record, '^(%d+) (.*)$')
  if tonumber(till) <= now then return nil end
  return url
end
local function home(room)
  local record = redis.call('HGET', HOMES, room)
  if not record then return nil end
  local term, name = string.match(record, '^(%d+) (.*)$')
  return tonumber(term), name
end
local function settling()
  return math.max(0, tonumber(redis.call('HGET', META, 'settles') or '0') - now)
end
local function raise(term)
  if term > tonumber(redis.call('HGET', META, 'term') or '0') then
    redis.call('HSET', META, 'term', string.format('%.0f', term))
  end
end
local function write(room, term, name)
  redis.call('HSET', HOMES, room, string.format('%.0f', term) .. ' ' .. name)
end
`;

/**
 * A gateway lives on. ARGV: own name, url, ms to live, ms without any beat after which Redis was
 * away, ms to settle then, highest term seen, most orphans. Answers how it stands (`kept`, or `late`
 * when it was taken for dead or is not known), ms left to settle, the other gateways (name, url, …),
 * and rooms without a home that this one should take.
 */
export const BEAT = `${COMMON}
local own = ARGV[1]
if now - tonumber(redis.call('HGET', META, 'heard') or '0') > tonumber(ARGV[4]) then
  redis.call('HSET', META, 'settles', string.format('%.0f', now + tonumber(ARGV[5])), 'orphans', '1')
end
redis.call('HSET', META, 'heard', string.format('%.0f', now))
raise(tonumber(ARGV[6]))
local stands = gateway(own) and 'kept' or 'late'
redis.call('HSET', GATEWAYS, own, string.format('%.0f', now + tonumber(ARGV[3])) .. ' ' .. ARGV[2])
local names, others = {}, {}
for _, name in ipairs(redis.call('HKEYS', GATEWAYS)) do
  local url = gateway(name)
  if url then
    names[#names + 1] = name
    if name ~= own then
      others[#others + 1] = name
      others[#others + 1] = url
    end
  else
    redis.call('HDEL', GATEWAYS, name)
    redis.call('HSET', META, 'orphans', '1')
  end
end
local left, orphans = settling(), {}
if left == 0 and redis.call('HGET', META, 'orphans') == '1' then
  table.sort(names)
  local rank = 0
  for i, name in ipairs(names) do if name == own then rank = i - 1 end end
  local found, all = 0, redis.call('HGETALL', HOMES)
  for i = 1, #all, 2 do
    local name = string.match(all[i + 1], '^%d+ (.*)$')
    if not gateway(name) then
      if found % #names == rank and #orphans < tonumber(ARGV[7]) then orphans[#orphans + 1] = all[i] end
      found = found + 1
    end
  end
  if found == 0 then redis.call('HDEL', META, 'orphans') end
end
return { stands, left, others, orphans }
`;

/**
 * Whose a room is. `KEYS` further: the hash of what the room has. ARGV: own name, room, `claim` or
 * `find`, most rooms of all, ms that the hash lives. Answers `here`, the term, 1 when nobody had it
 * before, and what the room has: fields and texts; `there` with name and url, `nobody`, `settling`
 * and ms, `full`, or `late`: this gateway is taken for dead.
 */
export const CLAIM = `${COMMON}
local own, room, KEPT = ARGV[1], ARGV[2], KEYS[4]
local function here(term, isNew)
  redis.call('HSET', KEPT, 'term', string.format('%.0f', term))
  redis.call('PEXPIRE', KEPT, ARGV[5])
  return { 'here', term, isNew, redis.call('HGETALL', KEPT) }
end
if not gateway(own) then return { 'late' } end
local term, name = home(room)
if term and name == own then return here(term, 0) end
local url = term and gateway(name)
if url then return { 'there', name, url } end
if not term and ARGV[3] == 'find' then return { 'nobody' } end
local left = settling()
if left > 0 then return { 'settling', left } end
if not term and redis.call('HLEN', HOMES) >= tonumber(ARGV[4]) then return { 'full' } end
local next = redis.call('HINCRBY', META, 'term', 1)
local last = tonumber(redis.call('HGET', KEPT, 'term') or '0')
if last >= next then
  next = last + 1
  raise(next)
end
write(room, next, own)
return here(next, term and 0 or 1)
`;

/**
 * After this gateway was taken for dead, or Redis forgot. ARGV: own name, then of each room: room,
 * term. Answers the rooms that it has no more.
 */
export const RECLAIM = `${COMMON}
local own, lost = ARGV[1], {}
for i = 2, #ARGV, 2 do
  local room, held = ARGV[i], tonumber(ARGV[i + 1])
  local term, name = home(room)
  if term == nil then
    raise(held)
    write(room, held, own)
  elseif name ~= own or term ~= held then
    lost[#lost + 1] = room
  end
end
return lost
`;

/** ARGV: own name, `free` for others to take, or `forget`, then rooms. */
export const RELEASE = `${COMMON}
for i = 3, #ARGV do
  local term, name = home(ARGV[i])
  if name == ARGV[1] then
    if ARGV[2] == 'forget' then
      redis.call('HDEL', HOMES, ARGV[i])
    else
      write(ARGV[i], term, '')
      redis.call('HSET', META, 'orphans', '1')
    end
  end
end
return 1
`;

/** This gateway ends. ARGV: own name. */
export const LEAVE = `${COMMON}
redis.call('HDEL', GATEWAYS, ARGV[1])
redis.call('HSET', META, 'orphans', '1')
return 1
`;
