ss -tnoi state established
sysctl -a -r 'tcp_(keepalive|retries2)'
nstat -az TcpExtTCPKeepAlive TcpExtTCPTimeouts TcpExtTCPAbortOnTimeout
tcpdump -nni any -c 2 'tcp[tcpflags] == tcp-ack and ip[2:2] <= 60'
