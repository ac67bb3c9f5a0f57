SELECT greatest(age(backend_xid), age(backend_xmin)) AS age, 'session' AS holder,
       concat_ws(' ', 'pid', pid, datname, usename, backend_type, state) AS which
  FROM pg_stat_activity
 WHERE pid <> pg_backend_pid() AND backend_type <> 'autovacuum worker'
   AND coalesce(backend_xid, backend_xmin) IS NOT NULL
UNION ALL
SELECT age(transaction), 'prepared transaction', concat_ws(' ', gid, database, owner, prepared)
  FROM pg_prepared_xacts
UNION ALL
SELECT greatest(age(xmin), age(catalog_xmin)), 'replication slot',
       concat_ws(' ', slot_name, slot_type, CASE WHEN active THEN 'active' ELSE 'inactive' END)
  FROM pg_replication_slots
 WHERE coalesce(xmin, catalog_xmin) IS NOT NULL
UNION ALL
SELECT age(relfrozenxid), 'temporary table', oid::regclass::text  -- of this database only
  FROM pg_class
 WHERE relpersistence = 't' AND relkind = 'r'
 ORDER BY age DESC;
