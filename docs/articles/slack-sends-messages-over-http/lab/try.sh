# Run it in this folder. PORT and DB can be set from outside.
set -eu
# --8<-- [start:start]
PORT=${PORT:-8065} DB=${DB:-chat.db}
python3 webapp.py --port $PORT --db $DB >/dev/null &
# --8<-- [end:start]
trap 'kill $!' EXIT
until curl -sf -o /dev/null 127.0.0.1:$PORT; do sleep 0.1; done
# --8<-- [start:post]
post() { # post KEY TEXT
  curl -s 127.0.0.1:$PORT/api/chat.postMessage \
    -H 'Authorization: Bearer alice' -H 'Content-Type: application/json' \
    -d '{"channel": "C1", "client_msg_id": "'$1'", "text": "'"$2"'"}'
}
post 7d0f3c3e 'deploy is green'
post 7d0f3c3e 'deploy is green' # the retry: the same ts, no second message
post 7d0f3c3e 'deploy is red'   # another message under the same key: refused
curl -s "127.0.0.1:$PORT/api/conversations.history?channel=C1&oldest=0"
# --8<-- [end:post]
