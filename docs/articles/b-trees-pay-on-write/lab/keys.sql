-- Keys that are the same in every run. The lab and the reader's commands both load this file.
CREATE EXTENSION pageinspect;
CREATE EXTENSION pgstattuple;
CREATE EXTENSION pg_walinspect;

-- a UUID of version 4, whose bits come from a hash of n
CREATE FUNCTION uuid_v4(n bigint) RETURNS uuid LANGUAGE sql IMMUTABLE AS $$
  SELECT overlay(overlay(md5(n::text) PLACING '4' FROM 13) PLACING '8' FROM 17)::uuid
$$;

-- a UUID of version 7: 48 bits of milliseconds, in each of which per_ms keys are made, and then bits of a hash;
-- skew is how many milliseconds the clock of its maker is ahead
CREATE FUNCTION uuid_v7(n bigint, per_ms int DEFAULT 4, skew int DEFAULT 0) RETURNS uuid LANGUAGE sql IMMUTABLE AS $$
  SELECT (lpad(to_hex(1767225600000 + n / per_ms + skew), 12, '0')
          || '7' || substr(md5(n::text), 1, 3) || '8' || substr(md5(n::text), 4, 15))::uuid
$$;
