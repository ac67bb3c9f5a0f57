ss -tnoi state established
sysctl net.ipv4.tcp_keepalive_time net.ipv4.tcp_keepalive_intvl net.ipv4.tcp_keepalive_probes net.ipv4.tcp_retries2
nstat -az TcpExtTCPKeepAlive TcpExtTCPTimeouts TcpExtTCPAbortOnTimeout
tcpdump -nni any -c 2 'tcp[tcpflags] == tcp-ack and ip[2:2] <= 60'
