// Reads one number from a MySQL or MariaDB server into 64 and into 32 bits.
package main

import (
	"database/sql"
	"fmt"
	"os"

	_ "github.com/go-sql-driver/mysql"
)

func main() {
	db, err := sql.Open("mysql", os.Args[1])
	if err != nil {
		panic(err)
	}
	var wide int64
	if err := db.QueryRow(os.Args[2]).Scan(&wide); err != nil {
		panic(err)
	}
	fmt.Println("converted:", int32(wide))

	var narrow int32
	if err := db.QueryRow(os.Args[2]).Scan(&narrow); err != nil {
		fmt.Println("read:", err)
		return
	}
	fmt.Println("read:", narrow)
}
