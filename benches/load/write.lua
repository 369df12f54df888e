-- Each thread of wrk is one person who types into the return of a quarter of her own: she saves the draft again and
-- again, over the version that the last answer said. A save is sealed, audited and on the disk before it is answered.
local ffi = require("ffi")
ffi.cdef("typedef struct { long s; long us; } moment; int gettimeofday(moment *, void *);")
local threads = 0
local every = tonumber(os.getenv("WRITE_EVERY_MS"))

local function now()
    local moment = ffi.new("moment")
    ffi.C.gettimeofday(moment, nil)
    return tonumber(moment.s) * 1000 + tonumber(moment.us) / 1000
end

function setup(thread)
    thread:set("number", threads)
    threads = threads + 1
end

function init()
    local quarters = {}
    for quarter in os.getenv("QUARTERS"):gmatch("%S+") do quarters[#quarters + 1] = quarter end
    path = "/returns/" .. quarters[number + 1] .. "/draft"
    version = 0
    due = now() + number * every / #quarters
end

-- As long as it takes until the next one is due, and not from the last answer on: a slow answer makes no other
-- one late.
function delay()
    due = due + every
    return math.max(0, math.floor(due - now()))
end

function request()
    local body = "token=" .. os.getenv("TOKEN") .. "&version=" .. version .. "&" .. os.getenv("CELLS")
    return wrk.format("POST", path, {
        Cookie = os.getenv("COOKIE"), Accept = "application/json", ["Sec-Fetch-Site"] = "same-origin",
        ["Content-Type"] = "application/x-www-form-urlencoded",
    }, body)
end

-- Another answer keeps the version, and then every later save is refused: wrk counts that.
function response(status, headers, body)
    local new = body:match('"version":%s*(%d+)')
    if status == 200 and new then version = tonumber(new) end
end
