SELECT waiting.pid                    AS waiting,
       waiting.query                  AS statement,
       blocker.pid                    AS blocker,
       blocker.state                  AS blocker_state,
       now() - blocker.xact_start     AS blocker_open_for,
       blocker.query                  AS blocker_last_statement
  FROM pg_stat_activity AS waiting
 CROSS JOIN LATERAL unnest(pg_blocking_pids(waiting.pid)) AS by (pid)
  JOIN pg_stat_activity AS blocker ON blocker.pid = by.pid;
