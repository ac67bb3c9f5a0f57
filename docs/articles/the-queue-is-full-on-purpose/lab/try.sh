redis-cli subscribe news > /dev/null &
until redis-cli pubsub numsub news | grep -qx 1; do sleep 0.1; done
kill -STOP $!

send() { head -c 1000000 /dev/zero | redis-cli -x publish news; }
for n in $(seq 20); do send; done | sort | uniq -c
redis-cli client list type pubsub | grep -o 'omem=[0-9]*'
for n in $(seq 40); do send; done | sort | uniq -c
kill -KILL $!
