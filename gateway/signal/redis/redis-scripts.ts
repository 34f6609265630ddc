/**
 * What happens at once or not at all. `KEYS[1]` is the hash of a source, `ARGV[1]` begins the keys
 * of living gateways; members of dead ones are removed on the way.
 */
const LIVING = `
local function living(alive)
  local members, known = {}, {}
  local all = redis.call('HGETALL', KEYS[1])
  for i = 1, #all, 2 do
    local member = cjson.decode(all[i + 1])
    local gateway = member.gateway
    if known[gateway] == nil then
      known[gateway] = gateway == alive or redis.call('EXISTS', ARGV[1] .. gateway) == 1
    end
    if known[gateway] then
      members[#members + 1] = { id = all[i], text = all[i + 1], it = member }
    else
      redis.call('HDEL', KEYS[1], all[i])
    end
  end
  return members
end
local function tell(members, own, prefix, suffix, text)
  local told = {}
  for _, member in ipairs(members) do
    local gateway = member.it.gateway
    if gateway ~= own and not told[gateway] then
      told[gateway] = true
      redis.call('PUBLISH', prefix .. gateway .. suffix, text)
    end
  end
end
`;

/**
 * ARGV: prefix, own gateway, id, member, '1' where its role is sole, most members, ms to live,
 * channel before and behind the gateway, news. Answers a word, and the others.
 */
export const ENTER = `${LIVING}
local own, id, text = ARGV[2], ARGV[3], ARGV[4]
local mine = cjson.decode(text)
local members = living(own)
local others = {}
for _, member in ipairs(members) do
  if member.id ~= id then
    if ARGV[5] == '1' and member.it.role == mine.role then return { 'taken', {} } end
    others[#others + 1] = member.text
  end
end
if #others >= tonumber(ARGV[6]) then return { 'full', {} } end
redis.call('HSET', KEYS[1], id, text)
redis.call('PEXPIRE', KEYS[1], ARGV[7])
tell(members, own, ARGV[8], ARGV[9], ARGV[10])
return { 'entered', others }
`;

/** ARGV: prefix, own gateway, id, channel before and behind the gateway, news. */
export const LEAVE = `${LIVING}
local own, id = ARGV[2], ARGV[3]
local old = redis.call('HGET', KEYS[1], id)
if old and cjson.decode(old).gateway ~= own then return 0 end
redis.call('HDEL', KEYS[1], id)
tell(living(own), own, ARGV[4], ARGV[5], ARGV[6])
return 1
`;

/** ARGV: prefix, own gateway, id, member, channel before and behind the gateway, news. */
export const CHANGE = `${LIVING}
local own = ARGV[2]
redis.call('HSET', KEYS[1], ARGV[3], ARGV[4])
tell(living(own), own, ARGV[5], ARGV[6], ARGV[7])
return 1
`;

/**
 * ARGV: prefix, own gateway, ms to live, then of each own member: id, text, '1' where its role is
 * sole. Answers the members of other gateways, and the ids of own ones whose place another has.
 */
export const RENEW = `${LIVING}
local own = ARGV[2]
local members = living(own)
local others, byId, sole = {}, {}, {}
for _, member in ipairs(members) do
  byId[member.id] = member.it.gateway
  if member.it.gateway ~= own then
    others[#others + 1] = member.text
    sole[member.it.role] = true
  end
end
local ousted, own_ids = {}, {}
for i = 4, #ARGV, 3 do
  local id, text = ARGV[i], ARGV[i + 1]
  own_ids[id] = true
  local at = byId[id]
  if at == nil and ARGV[i + 2] == '1' and sole[cjson.decode(text).role] then
    ousted[#ousted + 1] = id
  elseif at ~= nil and at ~= own then
    ousted[#ousted + 1] = id
  else
    redis.call('HSET', KEYS[1], id, text)
  end
end
for _, member in ipairs(members) do
  if member.it.gateway == own and not own_ids[member.id] then
    redis.call('HDEL', KEYS[1], member.id)
  end
end
redis.call('PEXPIRE', KEYS[1], ARGV[3])
return { others, ousted }
`;
