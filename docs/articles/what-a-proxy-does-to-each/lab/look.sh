# bash look.sh http://127.0.0.1:3000/events https://example.com/events
for url in "$@"; do
  for encoding in identity gzip; do
    got=$(curl -sNk -m "${SECONDS_EACH:-5}" -H "Accept-Encoding: $encoding" "$url" | wc -c)
    echo "$url, $encoding: $got bytes"
  done
done
