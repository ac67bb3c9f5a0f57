CREATE TABLE orders (
  id         bigint PRIMARY KEY,
  placed_at  datetime NOT NULL,
  customer   integer NOT NULL,
  priority   integer NOT NULL,
  shipped_at datetime,
  note       varchar(200) NOT NULL
);

INSERT INTO orders
SELECT seq, timestamp '2026-01-01 00:00:00' + INTERVAL (seq DIV 4) MINUTE, seq * 7919 % 1000, seq * 31 % 5,
       IF(seq % 10 > 0, timestamp '2026-01-02 00:00:00' + INTERVAL (seq DIV 4) MINUTE, NULL),
       repeat('x', 200)
FROM seq_1_to_100000;

CREATE INDEX feed ON orders (placed_at DESC, id DESC);
ANALYZE TABLE orders;
