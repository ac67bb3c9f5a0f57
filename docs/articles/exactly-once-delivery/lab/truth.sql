-- One row. "lost" has an alert at 1, and so has "doubled". The ten minutes are what the pipeline is allowed to take.
SELECT count(*) FILTER (WHERE charges = 0) AS lost,
       count(*) FILTER (WHERE charges > 1) AS doubled
FROM (
    SELECT order_id, count(charges.id) AS charges
    FROM orders LEFT JOIN charges USING (order_id)
    WHERE placed_at < now() - interval '10 minutes'
    GROUP BY order_id
) AS per_order;
