-- Who holds or waits for an advisory lock, from where, and what the session did last.
SELECT l.granted, (l.classid::bigint << 32) | l.objid::bigint AS number, a.pid, a.application_name, a.client_port,
       a.state, now() - a.state_change AS for_so_long, left(a.query, 60) AS last_query
FROM pg_locks l JOIN pg_stat_activity a USING (pid)
WHERE l.locktype = 'advisory' AND l.objsubid = 1  -- locks with one 64-bit number
ORDER BY l.granted DESC, a.state_change;
