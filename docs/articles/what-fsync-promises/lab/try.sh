# every sync of one commit, and of which file it is
sqlite3 app.db 'CREATE TABLE t (n)'
strace -y -e trace=pwrite64,fsync,fdatasync,unlink sqlite3 app.db 'INSERT INTO t VALUES (1)'
