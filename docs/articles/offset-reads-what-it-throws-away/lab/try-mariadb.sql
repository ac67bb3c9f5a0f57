FLUSH STATUS;
SELECT id FROM orders WHERE (placed_at, id) < ('2026-01-02 17:40:00', 10001)
ORDER BY placed_at DESC, id DESC LIMIT 20;
SHOW SESSION STATUS LIKE 'Handler_read_next';
