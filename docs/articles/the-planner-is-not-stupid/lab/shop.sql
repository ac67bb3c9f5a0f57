-- A shop of 200,000 orders. Every value follows from the order's number, so every run has the same table.
-- --8<-- [start:columns]
CREATE TABLE orders (
    id        bigint PRIMARY KEY,
    placed_at timestamptz NOT NULL,   -- in the order of the table
    customer  integer NOT NULL,       -- 10,000 customers, scattered
    status    text NOT NULL,          -- 89.9% done, 10% open, 0.1% failed
    payment   text NOT NULL,
    parcel    text NOT NULL,          -- no parcel leaves unpaid, except 20
    email     text NOT NULL,
    note      text NOT NULL
);
-- --8<-- [end:columns]
INSERT INTO orders
SELECT n,
       timestamptz '2026-01-01 00:00Z' + n * interval '1 minute',
       n * 7919 % 200000 / 20,
       CASE WHEN n % 1000 = 7 THEN 'failed' WHEN n % 10 = 3 THEN 'open' ELSE 'done' END,
       CASE WHEN n % 5 < 2 THEN 'due' ELSE 'paid' END,
       CASE WHEN n % 5 < 2 AND n % 10000 <> 5001 OR n % 10 = 2 THEN 'waiting' ELSE 'shipped' END,
       'Customer' || n * 7919 % 200000 / 20 || '@Example.com',
       repeat('x', 60)
  FROM generate_series(1, 200000) AS n;
CREATE INDEX orders_placed_at ON orders (placed_at);
CREATE INDEX orders_customer ON orders (customer);
CREATE INDEX orders_status ON orders (status);
CREATE INDEX orders_payment_parcel ON orders (payment, parcel);
CREATE INDEX orders_email ON orders (email);
CREATE TABLE customers (
    id     integer PRIMARY KEY,
    region text NOT NULL              -- one in twenty is in the north
);
INSERT INTO customers
SELECT n, CASE WHEN n % 20 = 0 THEN 'north' ELSE 'south' END
  FROM generate_series(0, 9999) AS n;
VACUUM ANALYZE orders, customers;
