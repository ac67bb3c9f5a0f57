CREATE TABLE stock (item text PRIMARY KEY, pieces int NOT NULL, token bigint NOT NULL DEFAULT 0, mark text, version int NOT NULL DEFAULT 0);
CREATE TABLE jobs (id int PRIMARY KEY, done boolean NOT NULL DEFAULT false);
