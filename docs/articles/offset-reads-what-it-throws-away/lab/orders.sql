CREATE TABLE orders (
  id         bigint PRIMARY KEY,
  placed_at  timestamptz NOT NULL,
  customer   integer NOT NULL,
  priority   integer NOT NULL,
  shipped_at timestamptz,
  note       varchar(200) NOT NULL
);

INSERT INTO orders
SELECT n, timestamptz '2026-01-01 00:00:00Z' + n / 4 * interval '1 minute', n * 7919 % 1000, n * 31 % 5,
       CASE WHEN n % 10 > 0 THEN timestamptz '2026-01-02 00:00:00Z' + n / 4 * interval '1 minute' END,
       repeat('x', 200)
FROM generate_series(1, 100000) AS n;

CREATE INDEX feed ON orders (placed_at DESC, id DESC);
VACUUM ANALYZE orders;
