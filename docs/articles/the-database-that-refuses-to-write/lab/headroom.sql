SELECT datname,
       age(datfrozenxid)                                         AS age,
       2147483647 - 3000000 - age(datfrozenxid)                  AS ids_left,
       round(100.0 * age(datfrozenxid) / (2147483647 - 3000000)) AS percent
  FROM pg_database
 ORDER BY age DESC;
