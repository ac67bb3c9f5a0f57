CREATE TABLE s AS SELECT n AS id FROM generate_series(1, 0) AS n;
CREATE TABLE v4 AS SELECT uuid_v4(1) AS id WHERE false;
CREATE INDEX s_up ON s (id);
CREATE INDEX s_down ON s (id DESC);
CREATE INDEX v4_id ON v4 (id);
INSERT INTO s SELECT n FROM generate_series(1, 50000) AS n;
INSERT INTO v4 SELECT uuid_v4(n) FROM generate_series(1, 50000) AS n;

SELECT name, leaf_pages, avg_leaf_density
  FROM unnest(ARRAY['s_up', 's_down', 'v4_id']) AS name, pgstatindex(name);
