\set merchant 1 + :client_id % :merchants
BEGIN;
UPDATE merchants SET sold = sold + 1 WHERE id = :merchant;
\sleep 20 ms
INSERT INTO orders (merchant_id) VALUES (:merchant);
COMMIT;
