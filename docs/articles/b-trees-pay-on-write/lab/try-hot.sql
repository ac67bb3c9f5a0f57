CREATE TABLE sessions (id int PRIMARY KEY, user_id int, device int, last_seen int) WITH (fillfactor = 90);
INSERT INTO sessions SELECT n, n, n, 0 FROM generate_series(1, 10000) AS n;
CREATE INDEX ON sessions (user_id);
CREATE INDEX ON sessions (device);

EXPLAIN (ANALYZE, WAL, COSTS OFF, TIMING OFF) UPDATE sessions SET last_seen = 1 WHERE id = 7;
CREATE INDEX ON sessions (last_seen);
EXPLAIN (ANALYZE, WAL, COSTS OFF, TIMING OFF) UPDATE sessions SET last_seen = 1 WHERE id = 5007;
