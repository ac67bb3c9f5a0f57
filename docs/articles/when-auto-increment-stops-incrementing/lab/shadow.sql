-- --8<-- [start:prepare]
SET lock_wait_timeout = 2;  -- rather fail and try again than queue the whole site behind us
CREATE TABLE events_new LIKE events;
ALTER TABLE events_new MODIFY id BIGINT NOT NULL AUTO_INCREMENT,
  AUTO_INCREMENT = 2147483648;  -- never below the counter of the old table

CREATE TRIGGER events_copy_delete AFTER DELETE ON events FOR EACH ROW
  DELETE FROM events_new WHERE id = OLD.id;
CREATE TRIGGER events_copy_rekey AFTER UPDATE ON events FOR EACH ROW
  DELETE FROM events_new WHERE id = OLD.id AND OLD.id <> NEW.id;
CREATE TRIGGER events_copy_update AFTER UPDATE ON events FOR EACH ROW
  REPLACE INTO events_new (id, kind, body) VALUES (NEW.id, NEW.kind, NEW.body);
CREATE TRIGGER events_copy_insert AFTER INSERT ON events FOR EACH ROW
  REPLACE INTO events_new (id, kind, body) VALUES (NEW.id, NEW.kind, NEW.body);
-- --8<-- [end:prepare]

-- --8<-- [start:cut_over]
SET lock_wait_timeout = 2;
RENAME TABLE events TO events_old, events_new TO events;
-- --8<-- [end:cut_over]

-- --8<-- [start:empty_first]
CREATE TABLE events_new LIKE events;
ALTER TABLE events_new MODIFY id BIGINT NOT NULL AUTO_INCREMENT, AUTO_INCREMENT = 2147483648;
RENAME TABLE events TO events_old, events_new TO events;
-- --8<-- [end:empty_first]
