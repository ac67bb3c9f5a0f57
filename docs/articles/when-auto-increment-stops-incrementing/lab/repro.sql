CREATE TABLE events (id INT AUTO_INCREMENT PRIMARY KEY, kind VARCHAR(20), body TEXT)
  AUTO_INCREMENT = 2147483646;
INSERT INTO events (kind, body) VALUES ('paid', 'the last but one');
INSERT INTO events (kind, body) VALUES ('paid', 'the last');
INSERT INTO events (kind, body) VALUES ('paid', 'one too many');
