-- A message and the key of its request are one row: both are committed, or neither.
CREATE TABLE IF NOT EXISTS message (
    channel       text NOT NULL,
    ts            text NOT NULL,
    author        text NOT NULL,
    text          text NOT NULL,
    client_msg_id text,
    PRIMARY KEY (channel, ts),
    UNIQUE (author, client_msg_id)
);
