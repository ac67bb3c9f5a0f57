SET TimeZone = 'Europe/Berlin';

-- the hour that happens twice: two instants, one local time, and a guess
SELECT (timestamptz '2026-10-25 00:30Z')::timestamp AS first,
       (timestamptz '2026-10-25 01:30Z')::timestamp AS second,
       timestamptz '2026-10-25 02:30' AS guess;

-- the hour that never happens: no error
SELECT timestamptz '2026-03-29 02:30' AS guess;

-- timestamp ignores the offset that you wrote
SELECT timestamp '2026-10-25 02:30+02' = timestamp '2026-10-25 02:30-07' AS equal;
