/** Hash of acts by the node's name, each a number that grows, a blank, and the act. */
export const NOTE_ACT = `
local known = redis.call('HGET', KEYS[1], ARGV[1])
local at = known and tonumber(string.match(known, '^(%d+) '))
if at and at > tonumber(ARGV[2]) then return 0 end
if not known and redis.call('HLEN', KEYS[1]) >= tonumber(ARGV[5]) then return 0 end
redis.call('HSET', KEYS[1], ARGV[1], ARGV[2] .. ' ' .. ARGV[3])
redis.call('PEXPIRE', KEYS[1], ARGV[4])
return 1
`;

/** All of them, as the texts that were noted. */
export const ALL_ACTS = `
return redis.call('HVALS', KEYS[1])
`;
