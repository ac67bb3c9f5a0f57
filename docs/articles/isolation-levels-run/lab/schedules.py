"""The anomalies as schedules: who sends what, in which order. ``{name}`` is what the step of that name returned."""

DIRTY_READ = """
A  UPDATE account SET balance = 0 WHERE id = 10
B  x: SELECT balance FROM account WHERE id = 10
A  ROLLBACK
B  COMMIT
"""
FUZZY_READ = """
A  x: SELECT balance FROM account WHERE id = 10
B  UPDATE account SET balance = 60 WHERE id = 10
B  COMMIT
A  y: SELECT balance FROM account WHERE id = 10
A  COMMIT
"""
READ_SKEW = """
A  x: SELECT balance FROM account WHERE id = 10
B  UPDATE account SET balance = balance - 30 WHERE id = 10
B  UPDATE account SET balance = balance + 30 WHERE id = 20
B  COMMIT
A  y: SELECT balance FROM account WHERE id = 20
A  COMMIT
"""
PHANTOM = """
A  x: SELECT COUNT(*) FROM account WHERE owner = 'ada'
B  INSERT INTO account VALUES (15, 'ada', 50)
B  COMMIT
A  y: SELECT COUNT(*) FROM account WHERE owner = 'ada'
A  COMMIT
"""
MIXED_READ = """
A  x: SELECT COUNT(*) FROM account WHERE owner = 'ada'
B  INSERT INTO account VALUES (15, 'ada', 50)
B  COMMIT
A  UPDATE account SET balance = balance + 1 WHERE owner = 'ada'
A  y: SELECT COUNT(*) FROM account WHERE owner = 'ada'
A  COMMIT
"""
# --8<-- [start:lost]
LOST_UPDATE = """
A  x: SELECT balance FROM account WHERE id = 10
B  y: SELECT balance FROM account WHERE id = 10
A  UPDATE account SET balance = {x} + 10 WHERE id = 10
A  COMMIT
B  UPDATE account SET balance = {y} + 20 WHERE id = 10
B  COMMIT
"""
# --8<-- [end:lost]
# --8<-- [start:skew]
WRITE_SKEW = """
A  x: SELECT SUM(balance) FROM account WHERE owner = 'ada'
B  y: SELECT SUM(balance) FROM account WHERE owner = 'ada'
A  UPDATE account SET balance = balance - 80 WHERE id = 10 AND {x} >= 80
B  UPDATE account SET balance = balance - 80 WHERE id = 20 AND {y} >= 80
A  COMMIT
B  COMMIT
"""
# --8<-- [end:skew]
PHANTOM_SKEW = """
A  x: SELECT COUNT(*) FROM account WHERE owner = 'ada'
B  y: SELECT COUNT(*) FROM account WHERE owner = 'ada'
A  INSERT INTO account SELECT 13, 'ada', 0 FROM (SELECT {x} AS seen) AS client WHERE seen < 3
B  INSERT INTO account SELECT 17, 'ada', 0 FROM (SELECT {y} AS seen) AS client WHERE seen < 3
A  COMMIT
B  COMMIT
"""
# --8<-- [start:read-only]
READ_ONLY = """
B  s: SELECT SUM(balance) FROM account WHERE owner = 'ada'
A  UPDATE account SET balance = balance + 40 WHERE id = 20
A  COMMIT
C  x: SELECT balance FROM account WHERE id = 10
C  y: SELECT balance FROM account WHERE id = 20
C  COMMIT
B  UPDATE account SET balance = balance - CASE WHEN {s} < 120 THEN 125 ELSE 120 END WHERE id = 10
B  COMMIT
"""
# --8<-- [end:read-only]
# --8<-- [start:missed]
MISSED_ROW = """
A  UPDATE account SET balance = balance + 10 WHERE owner = 'ada'
B  UPDATE account SET owner = 'bob' WHERE balance = 60
A  COMMIT
B  COMMIT
"""
# --8<-- [end:missed]

ANOMALIES = {
    "dirty_read": DIRTY_READ,
    "fuzzy_read": FUZZY_READ,
    "read_skew": READ_SKEW,
    "phantom": PHANTOM,
    "mixed_read": MIXED_READ,
    "missed_row": MISSED_ROW,
    "lost_update": LOST_UPDATE,
    "write_skew": WRITE_SKEW,
    "phantom_skew": PHANTOM_SKEW,
    "read_only": READ_ONLY,
}

SNAPSHOT_START = """
A  SELECT 1
B  UPDATE account SET balance = 60 WHERE id = 10
B  COMMIT
A  x: SELECT balance FROM account WHERE id = 10
A  COMMIT
"""
# --8<-- [start:two-truths]
TWO_TRUTHS = """
A  x: SELECT balance FROM account WHERE id = 10
B  UPDATE account SET balance = 60 WHERE id = 10
B  COMMIT
A  y: SELECT balance FROM account WHERE id = 10 FOR UPDATE
A  z: SELECT balance FROM account WHERE id = 10
A  COMMIT
"""
# --8<-- [end:two-truths]
ATOMIC_UPDATE = """
A  x: SELECT balance FROM account WHERE id = 20
B  y: SELECT balance FROM account WHERE id = 20
A  UPDATE account SET balance = balance + 10 WHERE id = 10
A  COMMIT
B  UPDATE account SET balance = balance + 20 WHERE id = 10
B  COMMIT
"""
LOCKED_UPDATE = """
A  x: SELECT balance FROM account WHERE id = 10 FOR UPDATE
B  y: SELECT balance FROM account WHERE id = 10 FOR UPDATE
A  UPDATE account SET balance = {x} + 10 WHERE id = 10
A  COMMIT
B  UPDATE account SET balance = {y} + 20 WHERE id = 10
B  COMMIT
"""
# --8<-- [start:compare]
COMPARE_AND_SET = """
A  x: SELECT balance FROM account WHERE id = 10
B  UPDATE account SET balance = 60 WHERE id = 10
B  COMMIT
A  first: UPDATE account SET balance = {x} + 10 WHERE id = 10 AND balance = {x}
A  again: SELECT balance FROM account WHERE id = 10
A  second: UPDATE account SET balance = {again} + 10 WHERE id = 10 AND balance = {again}
A  COMMIT
"""
# --8<-- [end:compare]
# --8<-- [start:parent]
LOCK_FIRST = """
A  SELECT id FROM account WHERE id = 10 FOR UPDATE
A  x: SELECT COUNT(*) FROM account WHERE owner = 'ada'
B  SELECT id FROM account WHERE id = 10 FOR UPDATE
A  INSERT INTO account SELECT 13, 'ada', 0 FROM (SELECT {x} AS seen) AS client WHERE seen < 3
A  COMMIT
B  y: SELECT COUNT(*) FROM account WHERE owner = 'ada'
B  INSERT INTO account SELECT 17, 'ada', 0 FROM (SELECT {y} AS seen) AS client WHERE seen < 3
B  COMMIT
"""
# --8<-- [end:parent]
READ_THEN_LOCK = LOCK_FIRST.replace("B  SELECT id", "B  SELECT owner FROM account WHERE id = 20\nB  SELECT id")
# --8<-- [start:gap]
GAP = """
A  SELECT id FROM account WHERE id = 15 FOR UPDATE
B  INSERT INTO account VALUES (12, 'bob', 0)
C  INSERT INTO account VALUES (30, 'eve', 0)
C  COMMIT
A  COMMIT
B  COMMIT
"""
# --8<-- [end:gap]
SAME_GAP = """
A  SELECT id FROM account WHERE id = 15 FOR UPDATE
B  SELECT id FROM account WHERE id = 15 FOR UPDATE
A  INSERT INTO account VALUES (15, 'ada', 0)
B  INSERT INTO account VALUES (15, 'bob', 0)
A  COMMIT
B  COMMIT
"""
NO_INDEX = """
A  UPDATE account SET owner = 'bob' WHERE balance = 60
B  UPDATE account SET balance = 51 WHERE id = 10
A  COMMIT
B  COMMIT
"""
AFTER_1020 = """
B  SELECT balance FROM account WHERE id = 10
B  UPDATE account SET balance = 1 WHERE id = 20
A  UPDATE account SET balance = 60 WHERE id = 10
A  COMMIT
B  UPDATE account SET balance = 70 WHERE id = 10
B  GET DIAGNOSTICS CONDITION 1 @state = RETURNED_SQLSTATE
B  state: SELECT @state
B  INSERT INTO account VALUES (30, 'bob', 0)
B  ROLLBACK
"""
AFTER_1213 = """
A  UPDATE account SET balance = 1 WHERE id = 10
B  UPDATE account SET balance = 2 WHERE id = 20
A  UPDATE account SET balance = 1 WHERE id = 20
B  UPDATE account SET balance = 2 WHERE id = 10
B  GET DIAGNOSTICS CONDITION 1 @state = RETURNED_SQLSTATE
B  state: SELECT @state
A  COMMIT
B  INSERT INTO account VALUES (30, 'bob', 0)
B  ROLLBACK
"""
AFTER_1205 = """
A  UPDATE account SET balance = 1 WHERE id = 10
B  UPDATE account SET balance = 2 WHERE id = 20
B  UPDATE account SET balance = 2 WHERE id = 10
B  GET DIAGNOSTICS CONDITION 1 @state = RETURNED_SQLSTATE
B  state: SELECT @state
B  COMMIT
"""
AFTER_40001 = """
A  x: SELECT balance FROM account WHERE id = 10
B  UPDATE account SET balance = 60 WHERE id = 10
B  COMMIT
A  UPDATE account SET balance = 70 WHERE id = 10
A  SELECT 1
A  COMMIT
"""
TWO_OWNERS = """
A  x: SELECT SUM(balance) FROM account WHERE owner = 'ada'
B  y: SELECT SUM(balance) FROM account WHERE owner = 'bob'
A  UPDATE account SET balance = balance - 80 WHERE id = 10 AND {x} >= 80
B  UPDATE account SET balance = balance - 80 WHERE id = 90000 AND {y} >= 80
A  COMMIT
B  COMMIT
"""
BOBS = "INSERT INTO account VALUES (90000, 'bob', 50), (90010, 'bob', 60)"
OVERDRAFT = """
A  UPDATE account SET balance = balance - 40 WHERE id = 10
B  UPDATE account SET balance = balance - 40 WHERE id = 10
A  COMMIT
B  COMMIT
"""
TOTAL = """
A  UPDATE account SET balance = balance - 80 WHERE id = 1
B  UPDATE account SET balance = balance - 80 WHERE id = 1
A  UPDATE account SET balance = balance - 80 WHERE id = 10
A  COMMIT
B  UPDATE account SET balance = balance - 80 WHERE id = 20
B  COMMIT
"""
