# a server that accepts connections and never answers
python3 -c 'import socket, time
s = socket.create_server(("127.0.0.1", 4000)); time.sleep(600)' &
sleep 2
python3 -c 'import urllib.request; urllib.request.urlopen("http://127.0.0.1:4000/")' &
sleep 2
read -r call < /proc/$!/syscall && echo "$call"  # 45 is recvfrom on x86-64, without a time limit
ss -tno state established 'dport = :4000'        # no timer:(…), so the kernel won't end it either
curl --max-time 2 http://127.0.0.1:4000/         # (28) Operation timed out
kill $(jobs -p)
