-- name: order without a merchant
SELECT o.id
  FROM orders AS o LEFT JOIN merchants AS m ON m.id = o.merchant_id
 WHERE m.id IS NULL AND o.merchant_id BETWEEN %(first)s AND %(last)s;

-- name: wrong count
SELECT s.merchant_id
  FROM merchant_stats AS s
 WHERE s.merchant_id BETWEEN %(first)s AND %(last)s
   AND s.sold <> (SELECT count(*) FROM orders AS o WHERE o.merchant_id = s.merchant_id);
