SELECT state, wait_event_type AS waits_for, count(*),
       max(now() - state_change)::interval(0) AS longest,
       (array_agg(pid ORDER BY state_change))[1] AS pid
  FROM pg_stat_activity
 WHERE backend_type = 'client backend'
 GROUP BY 1, 2 ORDER BY 3 DESC;
