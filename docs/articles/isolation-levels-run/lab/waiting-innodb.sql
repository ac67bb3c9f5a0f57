SELECT trx_mysql_thread_id, trx_wait_started, trx_query
  FROM information_schema.innodb_trx
 WHERE trx_state = 'LOCK WAIT'
