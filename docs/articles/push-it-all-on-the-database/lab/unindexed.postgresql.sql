SELECT c.conrelid::regclass AS child, c.conname AS foreign_key, c.confrelid::regclass AS parent
  FROM pg_constraint AS c
 WHERE c.contype = 'f'
   AND NOT EXISTS (
         SELECT FROM pg_index AS i
          WHERE i.indrelid = c.conrelid AND i.indisvalid AND i.indpred IS NULL
            AND (i.indkey::int2[])[0:cardinality(c.conkey) - 1] @> c.conkey)
 ORDER BY pg_relation_size(c.conrelid) DESC;
