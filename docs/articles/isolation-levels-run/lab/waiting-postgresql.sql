SELECT pid, pg_blocking_pids(pid) AS waits_for, query
  FROM pg_stat_activity
 WHERE cardinality(pg_blocking_pids(pid)) > 0
