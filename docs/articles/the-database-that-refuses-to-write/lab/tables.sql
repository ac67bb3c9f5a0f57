SELECT oid::regclass AS "table", age(relfrozenxid) AS age, pg_size_pretty(pg_table_size(oid)) AS size
  FROM pg_class
 WHERE relkind IN ('r', 'm', 't')
 ORDER BY age DESC
 LIMIT 10;
