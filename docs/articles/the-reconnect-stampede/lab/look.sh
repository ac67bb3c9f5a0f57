ss -ltn "sport = :$PORT"
ss -ltnm "sport = :$PORT" | grep -o 'd[0-9]*)'
nstat -az TcpExtListenOverflows TcpExtListenDrops
ulimit -n; sysctl net.core.somaxconn net.ipv4.ip_local_port_range
