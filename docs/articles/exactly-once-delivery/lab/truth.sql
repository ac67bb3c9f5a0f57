-- Returns one row. Alert when either number is not 0. Ten minutes is the longest that the pipeline may take.
SELECT count(*) FILTER (WHERE charges = 0) AS lost,
       count(*) FILTER (WHERE charges > 1) AS doubled
FROM (
    SELECT order_id, count(charges.id) AS charges
    FROM orders LEFT JOIN charges USING (order_id)
    WHERE placed_at < now() - interval '10 minutes'
    GROUP BY order_id
) AS per_order;
