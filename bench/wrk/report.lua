-- Reports as phones send them: each has a fresh id and another place. Arguments: seed, observed_at, contact (yes or no),
-- west, south, east, north of where the places lie, in WGS-84 degrees.
dofile(os.getenv("BENCH_WRK") .. "/done.lua")

local texts = {
  "三楼楼道里堆满了纸箱和电动车，安全出口的门被铁链锁住，晚上住了很多人。",
  "地下车库里有人给电瓶车飞线充电，电线很烫，旁边就是一堆泡沫。",
  "餐馆后厨的煤气罐放在灶台边上，软管已经开裂，能闻到煤气味。",
  "工地脚手架没有护栏，工人不系安全绳，下面就是学生放学的路。",
}
local categories = { "FIR-01", "FIR-02", "FIR-03", "unsure" }
local shape = '{"id":"%s","category":"%s","text":"%s","position":{"lon":%.6f,"lat":%.6f,"crs":"wgs84",'
  .. '"accuracy_m":8.0,"method":"gps"},"observed_at":"%s","photos":[],"emergency":{"answer":"none"},%s'
  .. '"notice_version":"1","client":"pwa/0.1.0"}'
local head = "POST %s HTTP/1.1\r\nHost: bench\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s"
local observed_at, contact, west, south, width, height

function init(args)
  math.randomseed(tonumber(args[1]))
  observed_at = args[2]
  -- Each from somebody else: of one number the eleventh of a day would be a flood, which is another path.
  contact = args[3] == "yes" and '"contact":{"name":"张三","phone":"138%08d"},' or ""
  west, south = tonumber(args[4]), tonumber(args[5])
  width, height = tonumber(args[6]) - west, tonumber(args[7]) - south
end

local function uuid()
  local r = math.random
  return string.format("%04x%04x-%04x-4%03x-%04x-%04x%04x%04x", r(0, 65535), r(0, 65535), r(0, 65535), r(0, 4095),
    r(32768, 49151), r(0, 65535), r(0, 65535), r(0, 65535))
end

function request()
  local body = string.format(shape, uuid(), categories[math.random(#categories)], texts[math.random(#texts)],
    west + math.random() * width, south + math.random() * height, observed_at,
    string.format(contact, math.random(0, 99999999)))
  return string.format(head, wrk.path, #body, body)
end
