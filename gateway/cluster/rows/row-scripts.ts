/**
 * Rows that all gateways share: a hash of them by "kind id", each as "version stamp gone till text",
 * and the order in which they came. `run` is another one after Redis forgot, `seq` counts changes.
 */

/**
 * ARGV: a name for a new run, now (epoch ms), then of each row: field, version, stamp, gone, till
 * (epoch ms, 0: always), text. What is older than what is here is left out. Answers the run.
 */
export const PUT_ROWS = `
local all, order = KEYS[1], KEYS[2]
local run = redis.call('HGET', all, 'run')
if not run then
  run = ARGV[1]
  redis.call('HSET', all, 'run', run)
end
for i = 3, #ARGV, 6 do
  local field, version, stamp, gone = ARGV[i], tonumber(ARGV[i + 1]), tonumber(ARGV[i + 2]), ARGV[i + 3]
  local old = redis.call('HGET', all, field)
  local isNew = not old
  if old then
    local v, s, g = string.match(old, '^(%d+) (%d+) (%d) ')
    v, s = tonumber(v), tonumber(s)
    isNew = g == '0' and (gone == '1' or version > v or (version == v and stamp > s))
  end
  if isNew then
    local seq = redis.call('HINCRBY', all, 'seq', 1)
    redis.call('HSET', all, field, table.concat({ ARGV[i + 1], ARGV[i + 2], gone, ARGV[i + 4], ARGV[i + 5] }, ' '))
    redis.call('ZADD', order, seq, field)
    if seq % 4096 == 0 then
      local entries = redis.call('HGETALL', all)
      for j = 1, #entries, 2 do
        local till = tonumber(string.match(entries[j + 1], '^%d+ %d+ 1 (%d+) ') or '')
        if till and till > 0 and till < tonumber(ARGV[2]) then
          redis.call('HDEL', all, entries[j])
          redis.call('ZREM', order, entries[j])
        end
      end
    end
  end
end
return run
`;

/**
 * ARGV: the run and the number that are known, most rows, a name for a new run: that begins when
 * this Redis is behind what was known. Answers the run, the number now known, texts.
 */
export const ROWS_SINCE = `
local all, order = KEYS[1], KEYS[2]
local run = redis.call('HGET', all, 'run') or ''
if run == ARGV[1] and tonumber(redis.call('HGET', all, 'seq') or '0') < tonumber(ARGV[2]) then
  run = ARGV[4]
  redis.call('HSET', all, 'run', run)
end
local since = run == ARGV[1] and ARGV[2] or '0'
local found = redis.call('ZRANGEBYSCORE', order, '(' .. since, '+inf', 'WITHSCORES', 'LIMIT', 0, ARGV[3])
local texts = {}
for i = 1, #found, 2 do
  local text = string.match(redis.call('HGET', all, found[i]) or '', '^%d+ %d+ %d %d+ (.*)$')
  if text then texts[#texts + 1] = text end
  since = found[i + 1]
end
return { run, since, texts }
`;

/** One more use of something, counted by all gateways. ARGV: used as far as is known, most, life (ms). Answers the count; 0: none is left. */
export const TAKE_USE = `
local used = math.max(tonumber(redis.call('GET', KEYS[1]) or '0'), tonumber(ARGV[1]))
if used >= tonumber(ARGV[2]) then return 0 end
redis.call('SET', KEYS[1], used + 1, 'PX', ARGV[3])
return used + 1
`;
