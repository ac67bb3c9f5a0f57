CREATE TABLE merchants (
  id   BIGINT PRIMARY KEY,
  name VARCHAR(40) NOT NULL,
  sold BIGINT NOT NULL DEFAULT 0        -- the number of orders
);

CREATE TABLE orders (
  id          SERIAL PRIMARY KEY,       -- all three servers accept this spelling
  merchant_id BIGINT,
  request     VARCHAR(40) UNIQUE,       -- the client's own id of the request
  CONSTRAINT orders_merchant
    FOREIGN KEY (merchant_id) REFERENCES merchants (id)
);

CREATE TABLE merchant_stats (           -- the same counter, on a row that no order refers to
  merchant_id BIGINT PRIMARY KEY,
  sold        BIGINT NOT NULL DEFAULT 0
);
