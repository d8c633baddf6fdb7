-- Sends pre-signed webhooks, each once. WRK_REQUESTS names the file; each thread takes its share of lines.
-- With WRK_EVERY_MS each connection sends one about every so many milliseconds, instead of as fast as it is answered.
-- Prints one JSON line at the end.
local threads = 0

function setup(thread)
  thread:set("part", threads)
  threads = threads + 1
end

function init(args)
  local parts = tonumber(os.getenv("WRK_THREADS"))
  requests = {}
  local n = 0
  for line in io.lines(os.getenv("WRK_REQUESTS")) do
    if n % parts == part then
      local space = line:find(" ", 1, true)
      requests[#requests + 1] = wrk.format("POST", nil, {
        ["Content-Type"] = "application/x-www-form-urlencoded",
        ["X-Twilio-Signature"] = line:sub(1, space - 1),
      }, line:sub(space + 1))
    end
    n = n + 1
  end
  at = 0
  every_ms = tonumber(os.getenv("WRK_EVERY_MS") or "0")
end

-- Not counted into the latency. At random, so that the connections do not fall into step.
function delay()
  return every_ms > 0 and math.random(0, 2 * every_ms) or 0
end

function request()
  at = at + 1
  -- Past the end the first are sent again: they are duplicates, and the caller checks that it did not come to it.
  return requests[(at - 1) % #requests + 1]
end

function done(summary, latency, all)
  local errors = summary.errors.connect + summary.errors.read + summary.errors.write + summary.errors.timeout
  io.write(string.format(
    '{"requests":%d,"seconds":%.3f,"per_second":%.0f,"p50_ms":%.3f,"p99_ms":%.3f,"max_ms":%.3f,"non_2xx":%d,"errors":%d}\n',
    summary.requests, summary.duration / 1e6, summary.requests / (summary.duration / 1e6),
    latency:percentile(50) / 1e3, latency:percentile(99) / 1e3, latency.max / 1e3, summary.errors.status, errors))
end
