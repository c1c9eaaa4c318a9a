-- The same request again and again; headers come from the command line.
dofile(os.getenv("BENCH_WRK") .. "/done.lua")
