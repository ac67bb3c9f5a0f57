-- --8<-- [start:effects]
CREATE TABLE charges (          -- the effect: money moves. Nothing here says that an order is charged once.
    id       bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    order_id text NOT NULL,
    cents    integer NOT NULL
);
-- --8<-- [end:effects]

-- --8<-- [start:inbox]
CREATE TABLE inbox (            -- what each effect has already seen
    effect     text NOT NULL,   -- 'charge', 'receipt': the purpose, not the name of today's consumer
    message_id text NOT NULL,   -- the producer's id, not the broker's sequence
    state      text NOT NULL DEFAULT 'done',
    seen_at    timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (effect, message_id)
);
-- --8<-- [end:inbox]

CREATE TABLE position (         -- how far a consumer has read, beside what it has written
    consumer text PRIMARY KEY,
    seq      bigint NOT NULL
);

-- --8<-- [start:outbox]
CREATE TABLE orders (
    order_id  text PRIMARY KEY,
    cents     integer NOT NULL,
    placed_at timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE outbox (           -- what must be published, written by the transaction that made it true
    id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    message_id text NOT NULL UNIQUE,
    subject    text NOT NULL,
    payload    text NOT NULL,
    written_at timestamptz NOT NULL DEFAULT now(),
    sent_at    timestamptz
);
CREATE INDEX outbox_unsent ON outbox (id) WHERE sent_at IS NULL;
-- --8<-- [end:outbox]

-- --8<-- [start:requests]
CREATE TABLE requests (         -- one row for each thing that a customer asked for
    customer   text NOT NULL,
    key        text NOT NULL,
    body_hash  bytea NOT NULL,
    status     integer,         -- set in the transaction that inserted the row
    response   text,
    created_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (customer, key)
);
-- --8<-- [end:requests]

CREATE TABLE stock (
    item text PRIMARY KEY,
    free integer NOT NULL
);

CREATE TABLE reservations (
    saga  text PRIMARY KEY,
    item  text NOT NULL,
    state text NOT NULL         -- 'held' or 'released'
);
