-- One photo under ever new ids. Arguments: seed, file, SHA-256, form (yes: multipart as phones send it; no: raw bytes).
dofile(os.getenv("BENCH_WRK") .. "/done.lua")

local photo, sha256, form
local edge = "----WebKitFormBoundaryBenchBenchBench16" -- as long as browsers make it

function init(args)
  math.randomseed(tonumber(args[1]))
  local file = assert(io.open(args[2], "rb"))
  photo = file:read("*a")
  file:close()
  sha256, form = args[3], args[4] == "yes"
end

local function uuid()
  local r = math.random
  return string.format("%04x%04x-%04x-4%03x-%04x-%04x%04x%04x", r(0, 65535), r(0, 65535), r(0, 65535), r(0, 4095),
    r(32768, 49151), r(0, 65535), r(0, 65535), r(0, 65535))
end

local function field(name, value)
  return '--' .. edge .. '\r\nContent-Disposition: form-data; name="' .. name .. '"\r\n\r\n' .. value .. "\r\n"
end

function request()
  if not form then return wrk.format("POST", wrk.path, { ["Content-Type"] = "image/jpeg" }, photo) end
  local body = field("photo_id", uuid()) .. field("report_id", uuid()) .. field("sha256", sha256)
    .. '--' .. edge .. '\r\nContent-Disposition: form-data; name="file"; filename="p.jpg"\r\n'
    .. "Content-Type: image/jpeg\r\n\r\n" .. photo .. "\r\n--" .. edge .. "--\r\n"
  return wrk.format("POST", wrk.path, { ["Content-Type"] = "multipart/form-data; boundary=" .. edge }, body)
end
