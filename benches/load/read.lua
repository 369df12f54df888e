-- People who read: each asks for one of PAGES, waits READ_EVERY_MS on average, and asks for the next.
local pages, at = {}, 0
for page in os.getenv("PAGES"):gmatch("%S+") do pages[#pages + 1] = page end
local every = tonumber(os.getenv("READ_EVERY_MS"))

function init() math.randomseed(os.time()) end

function delay() return math.random(every / 2, every * 3 / 2) end

function request()
    at = at % #pages + 1
    return wrk.format("GET", pages[at], { Cookie = os.getenv("COOKIE") })
end
