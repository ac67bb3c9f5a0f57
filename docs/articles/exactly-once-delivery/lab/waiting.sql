-- How far the outbox is behind. The age matters: one row that cannot be sent never makes a high count.
SELECT count(*) AS unsent, coalesce(max(now() - written_at), interval '0') AS oldest
FROM outbox WHERE sent_at IS NULL;
