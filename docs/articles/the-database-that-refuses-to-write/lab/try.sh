export PGDATA="$PWD/edge" PGHOST=127.0.0.1 PGPORT="${PGPORT:-54329}" PGUSER=postgres PGDATABASE=postgres
initdb -A trust -U postgres --no-sync > /dev/null
cat >> edge/postgresql.conf <<'END'
listen_addresses = '127.0.0.1'
unix_socket_directories = ''
wal_level = logical
END
pg_ctl -l log -w start
psql -c "SELECT pg_create_logical_replication_slot('forgotten', 'pgoutput')"
pg_ctl -w stop
dd if=/dev/zero of=edge/pg_xact/07FD bs=256k count=1    # 2144483000 / 1048576, in hexadecimal
pg_resetwal -D edge -x 2144483000
pg_ctl -l log -w start
yes 'SELECT pg_current_xact_id();' | head -n 2000 | psql -At -v ON_ERROR_STOP=1 | tail -n 1
