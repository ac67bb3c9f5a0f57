SELECT waiting.trx_mysql_thread_id    AS waiting,
       waiting.trx_query              AS statement,
       wanted.lock_mode, wanted.lock_table, wanted.lock_index,
       blocker.trx_mysql_thread_id    AS blocker,
       blocker.trx_query              AS blocker_statement,
       blocker.trx_started            AS blocker_since
  FROM information_schema.innodb_lock_waits AS pair
  JOIN information_schema.innodb_trx AS waiting ON waiting.trx_id = pair.requesting_trx_id
  JOIN information_schema.innodb_trx AS blocker ON blocker.trx_id = pair.blocking_trx_id
  JOIN information_schema.innodb_locks AS wanted ON wanted.lock_id = pair.requested_lock_id;
