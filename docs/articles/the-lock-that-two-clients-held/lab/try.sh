redis-cli SET lock:report alice NX PX 2000     # OK: alice has it for two seconds
redis-cli SET lock:report bob NX PX 60000      # empty: bob does not get it
sleep 2.5                                      # alice is busy, or stopped, or in a long GC
redis-cli SET lock:report bob NX PX 60000      # OK: now bob has it, and nobody tells alice
redis-cli EVAL "if redis.call('GET', KEYS[1]) == ARGV[1] then return redis.call('DEL', KEYS[1]) end return 0" \
  1 lock:report alice                          # 0: alice's release leaves bob's lock alone
