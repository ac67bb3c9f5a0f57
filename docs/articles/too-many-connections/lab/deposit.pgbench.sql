\set id random(1, 4)
BEGIN ISOLATION LEVEL :isolation;
SELECT balance FROM accounts WHERE id = :id;
SELECT think(5000);
UPDATE accounts SET balance = balance + 1 WHERE id = :id;
COMMIT;
