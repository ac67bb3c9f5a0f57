// Draws a delay between 0 and 30 seconds, as a client would that has to come back.
package main

import (
	"fmt"
	"math/rand"
	"os"
	"time"
)

func main() {
	if len(os.Args) > 1 && os.Args[1] == "seeded" {
		rand.Seed(time.Now().UnixNano())
	}
	fmt.Printf("%.3f s\n", 30*rand.Float64())
}
