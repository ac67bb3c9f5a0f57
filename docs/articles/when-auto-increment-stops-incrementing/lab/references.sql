SELECT c.table_schema, c.table_name, c.column_name, c.column_type, k.constraint_name
FROM information_schema.columns AS c
LEFT JOIN information_schema.key_column_usage AS k
  ON  k.table_schema = c.table_schema AND k.table_name = c.table_name
  AND k.column_name = c.column_name
  AND k.referenced_table_name = 'events' AND k.referenced_column_name = 'id'
WHERE c.data_type IN ('tinyint', 'smallint', 'mediumint', 'int')
  AND (k.constraint_name IS NOT NULL OR c.column_name IN ('event_id', 'parent_event_id'));
