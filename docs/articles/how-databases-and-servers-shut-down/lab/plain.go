// A Go server that leaves its stop to Shutdown, and calls everything that outlasts the limit a cut request.
package main

import (
	"context"
	"log"
	"net/http"
	"os"
	"os/signal"
	"syscall"
	"time"
)

func main() {
	stop := make(chan os.Signal, 1)
	signal.Notify(stop, syscall.SIGTERM)

	http.HandleFunc("/readyz", func(http.ResponseWriter, *http.Request) {})
	server := &http.Server{Addr: "127.0.0.1:" + os.Getenv("PORT")}
	go server.ListenAndServe()
	<-stop

	seconds, _ := time.ParseDuration(os.Getenv("DRAIN_LIMIT") + "s")
	limit, cancel := context.WithTimeout(context.Background(), seconds)
	defer cancel()
	if err := server.Shutdown(limit); err != nil {
		log.Fatal(err)
	}
}
