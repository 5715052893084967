-- One window of load. Arguments: workload, store, authorization, seed, nonce, hot SKU, number of inventory SKUs. Every contender is sent the same requests; the nonce makes their keys unique.

local threads = {}

function setup(thread)
  threads[#threads + 1] = thread
end

local workload, store, authorization, nonce, sku, skus
local head, cumulative
-- Globals, so that `done` can read them of the thread.
holds_sent, holds_acked, releases_sent, releases_acked = 0, 0, 0, 0
local held = {}

local function zipf_of(count)
  local sums, total = {}, 0
  for rank = 1, count do
    total = total + 1 / rank ^ 1.1
    sums[rank] = total
  end
  return sums
end

-- The SKUs of the inventory by rank: a SKU is its number.
local function draw_sku()
  local wanted = math.random() * cumulative[skus]
  local low, high = 1, skus
  while low < high do
    local middle = math.floor((low + high) / 2)
    if cumulative[middle] < wanted then low = middle + 1 else high = middle end
  end
  return low
end

local function post(path, body)
  return 'POST ' .. path .. head .. 'content-type: application/json\r\nidempotency-key: ' .. nonce .. '-' .. holds_sent
    .. '\r\ncontent-length: ' .. #body .. '\r\n\r\n' .. body
end

local function get(path)
  return 'GET ' .. path .. head .. '\r\n'
end

local function hold(lines)
  holds_sent = holds_sent + 1
  return post('/api/v1/stores/' .. store .. '/holds', '{"lines":[' .. lines .. '],"forS":900}')
end

local function line(one)
  return '{"sku":"' .. one .. '","quantity":1}'
end

local function basket(count)
  local drawn, lines = {}, {}
  while #lines < count do
    local one = draw_sku()
    if not drawn[one] then
      drawn[one] = true
      lines[#lines + 1] = line(one)
    end
  end
  return table.concat(lines, ',')
end

local function availability(count)
  local asked = {}
  for place = 1, count do asked[place] = draw_sku() end
  return get('/api/v1/stores/' .. store .. '/availability?skus=' .. table.concat(asked, ','))
end

local function release()
  local id = table.remove(held)
  releases_sent = releases_sent + 1
  return 'POST /api/v1/stores/' .. store .. '/holds/' .. id .. '/release' .. head .. 'content-length: 0\r\n\r\n'
end

local makers = {
  hello = function() return get('/api/v1/hello/channel') end,
  hello_open = function() return get('/api/v1/hello') end,
  hot = function() return hold(line(sku)) end,
  zipf = function() return hold(line(draw_sku())) end,
  basket8 = function() return hold(basket(8)) end,
  availability = function() return availability(10) end,
  reads = function()
    if math.random() < 0.9 then return availability(1) end
    return hold(line(draw_sku()))
  end,
  churn = function()
    if #held > 0 then return release() end
    return hold(line(draw_sku()))
  end,
}

local function churn_answer(status, _, body)
  if status == 201 then
    holds_acked = holds_acked + 1
    held[#held + 1] = string.match(body, '"id":"([^"]+)"')
  elseif status == 200 then
    releases_acked = releases_acked + 1
  end
end

function init(args)
  workload, store, authorization = args[1], args[2], args[3]
  math.randomseed(tonumber(args[4]))
  nonce, sku, skus = args[5], args[6], tonumber(args[7])
  cumulative = zipf_of(skus)
  head = ' HTTP/1.1\r\nhost: ' .. wrk.host .. ':' .. wrk.port .. '\r\nauthorization: ' .. authorization .. '\r\n'
  request = makers[workload]
  -- Reading answers costs the generator: only the workload that cannot do without pays it.
  if workload == 'churn' then response = churn_answer end
end

local function sum(name)
  local total = 0
  for _, thread in ipairs(threads) do total = total + (thread:get(name) or 0) end
  return total
end

function done(summary, latency)
  local errors = summary.errors
  io.write(string.format(
    'window {"answers":%d,"durationUs":%d,"refused":%d,"broken":%d,"p50Us":%.0f,"p99Us":%.0f,"holdsSent":%d,'
      .. '"holdsAcked":%d,"releasesSent":%d,"releasesAcked":%d}\n',
    summary.requests, summary.duration, errors.status, errors.connect + errors.read + errors.write + errors.timeout,
    latency:percentile(50), latency:percentile(99), sum('holds_sent'), sum('holds_acked'), sum('releases_sent'),
    sum('releases_acked')
  ))
end
