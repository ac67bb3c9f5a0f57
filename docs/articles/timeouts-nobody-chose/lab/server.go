// A web server whose only page takes two seconds: `server looks` stops when its client has gone, `server ignores` doesn't.
package main

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"os"
	"time"
)

// --8<-- [start:handler]
func page(w http.ResponseWriter, r *http.Request) {
	fmt.Println("began")
	select {
	case <-contextOf(r).Done(): // the client has gone
		fmt.Println("stopped")
	case <-time.After(2 * time.Second): // the work
		fmt.Println("finished")
	}
}

// --8<-- [end:handler]

func contextOf(r *http.Request) context.Context {
	if os.Args[1] == "looks" {
		return r.Context()
	}
	return context.Background()
}

func main() {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		panic(err)
	}
	fmt.Println(listener.Addr().(*net.TCPAddr).Port)
	http.Serve(listener, http.HandlerFunc(page))
}
