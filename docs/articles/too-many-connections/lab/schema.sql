CREATE TABLE accounts (id int PRIMARY KEY, balance int NOT NULL) WITH (fillfactor = 10);
INSERT INTO accounts SELECT i, 0 FROM generate_series(1, 4) AS i;

-- A question that takes a few milliseconds of CPU and reads no table.
CREATE FUNCTION think(steps int) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE total bigint := 0;
BEGIN
    FOR i IN 1 .. steps LOOP total := total + i; END LOOP;
    RETURN total;
END $$;
