SELECT table_schema, table_name, column_name, column_type, next_id,
       ceiling - LEAST(next_id, ceiling) AS ids_left,
       ROUND(100.0 * LEAST(next_id, ceiling) / ceiling, 2) AS used_percent
FROM (
  SELECT c.table_schema, c.table_name, c.column_name, c.column_type, t.auto_increment AS next_id,
         ~0 >> (64 - CASE c.data_type WHEN 'tinyint' THEN 8 WHEN 'smallint' THEN 16
                                      WHEN 'mediumint' THEN 24 WHEN 'int' THEN 32
                                      WHEN 'bigint' THEN 64 END
                + (c.column_type NOT LIKE '%unsigned%')) AS ceiling
  FROM information_schema.columns AS c
  JOIN information_schema.tables AS t USING (table_schema, table_name)
  WHERE c.extra LIKE '%auto_increment%'
) AS counters
WHERE next_id >= 0.70 * ceiling
ORDER BY used_percent DESC;
