-- Each thread of wrk is one person who writes something every WRITE_EVERY_MS: a row of the audit that is on the
-- disk before she has her answer.
local ffi = require("ffi")
ffi.cdef("typedef struct { long s; long us; } moment; int gettimeofday(moment *, void *);")
local threads = 0
local every = tonumber(os.getenv("WRITE_EVERY_MS"))
local cookie = os.getenv("COOKIE")

local function now()
    local moment = ffi.new("moment")
    ffi.C.gettimeofday(moment, nil)
    return tonumber(moment.s) * 1000 + tonumber(moment.us) / 1000
end

function setup(thread)
    thread:set("number", threads)
    threads = threads + 1
end

function init() due = now() + number * every / 16 end

-- Until the next one is due, and not from the last answer on: a slow answer makes no other one late.
function delay()
    due = due + every
    return math.max(0, math.floor(due - now()))
end

function request() return wrk.format("GET", "/account", { Cookie = cookie }) end
