psql -XAtc 'SELECT datname FROM pg_database WHERE datallowconn' |
  xargs -I{} psql -X -d {} -c 'VACUUM (TRUNCATE false)'
