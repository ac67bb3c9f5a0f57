-- psql -v table=orders -f why.sql: what the planner knows about a table
-- --8<-- [start:why]
SELECT attname, n_distinct, correlation, most_common_vals, most_common_freqs
  FROM pg_stats WHERE tablename = :'table';
SELECT last_analyze, last_autoanalyze, n_mod_since_analyze, n_live_tup
  FROM pg_stat_user_tables WHERE relname = :'table';
SELECT indisvalid, pg_get_indexdef(indexrelid)
  FROM pg_index WHERE indrelid = :'table'::regclass;
-- --8<-- [end:why]
