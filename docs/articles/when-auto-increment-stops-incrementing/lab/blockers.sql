SELECT trx_mysql_thread_id AS connection, trx_started, trx_query
FROM information_schema.innodb_trx
ORDER BY trx_started
LIMIT 5;
