# CLOCK_BOOTTIME and the wall clock, here and in a namespace
cut -d' ' -f1 /proc/uptime; date +%s
unshare --time --monotonic 3600 --boottime 86400 \
  sh -c "cut -d' ' -f1 /proc/uptime; date +%s"
