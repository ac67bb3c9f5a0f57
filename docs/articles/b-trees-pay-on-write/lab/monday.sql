-- tables by updates that were not HOT
SELECT relname, n_tup_upd, n_tup_upd - n_tup_hot_upd AS not_hot,
       round(100.0 * n_tup_hot_upd / n_tup_upd) AS hot_percent
  FROM pg_stat_user_tables WHERE n_tup_upd > 0 ORDER BY not_hot DESC LIMIT 10;

-- indexes that no query on this server has used since its statistics were reset, without unique ones
SELECT relid::regclass AS on_table, indexrelid::regclass AS index, pg_relation_size(indexrelid) / 8192 AS pages
  FROM pg_stat_user_indexes JOIN pg_index USING (indexrelid)
 WHERE idx_scan = 0 AND NOT indisunique ORDER BY pages DESC LIMIT 10;

-- whole pages in the log, for each record and as a number since the reset
SELECT wal_records, wal_fpi, pg_size_pretty(wal_bytes::bigint) AS wal, stats_reset FROM pg_stat_wal;
