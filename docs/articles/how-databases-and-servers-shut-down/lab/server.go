// A Go server that stops without losing a request.
package main

import (
	"bufio"
	"context"
	"fmt"
	"log"
	"net"
	"net/http"
	"os"
	"os/signal"
	"strconv"
	"sync"
	"sync/atomic"
	"syscall"
	"time"
)

var (
	address    = "127.0.0.1:" + os.Getenv("PORT")
	background = context.Background()
	draining   atomic.Bool
	journal    = openJournal(os.Getenv("JOURNAL"))
	conns      = connections{states: map[net.Conn]http.ConnState{}}
)

// --8<-- [start:main]
func main() {
	stop := make(chan os.Signal, 1)
	signal.Notify(stop, syscall.SIGTERM, syscall.SIGINT)

	server := &http.Server{Addr: address, Handler: routes(), ConnState: conns.watch}
	server.RegisterOnShutdown(conns.closeUnused)
	failed := make(chan error, 1)
	go func() { failed <- server.ListenAndServe() }()

	select {
	case err := <-failed:
		log.Fatal(err)
	case got := <-stop: // 1. hear
		log.Printf("%v: draining", got)
	}
	draining.Store(true) // 2. leave the rotation, keep serving
	time.Sleep(seconds("DRAIN_DELAY"))

	limit, cancel := context.WithTimeout(background, seconds("DRAIN_LIMIT"))
	defer cancel()
	cut := 0
	if server.Shutdown(limit) != nil { // 3. close, 4. finish
		cut = conns.busy()
		server.Close()                    // out of time: cut the rest
		conns.wait(seconds("DRAIN_UNDO")) // Close waits for no handler
	}
	journal.close() // 5. flush what lives only in memory
	if cut > 0 {
		log.Fatalf("%d requests were cut", cut)
	}
}

// --8<-- [end:main]

// --8<-- [start:connections]
// connections knows each connection's state, from ConnState.
type connections struct {
	sync.Mutex
	states map[net.Conn]http.ConnState
}

func (c *connections) watch(conn net.Conn, state http.ConnState) {
	c.Lock()
	defer c.Unlock()
	c.states[conn] = state
	if state == http.StateClosed || state == http.StateHijacked {
		delete(c.states, conn)
	}
}

// closeUnused ends the connections on which no request has come.
func (c *connections) closeUnused() {
	c.Lock()
	defer c.Unlock()
	for conn, state := range c.states {
		if state == http.StateNew {
			conn.Close()
		}
	}
}

// --8<-- [end:connections]

// busy counts the connections whose handler has not returned.
func (c *connections) busy() int {
	c.Lock()
	defer c.Unlock()
	count := 0
	for _, state := range c.states {
		if state == http.StateActive {
			count++
		}
	}
	return count
}

// wait returns when every handler has, or after most.
func (c *connections) wait(most time.Duration) {
	for end := time.Now().Add(most); c.busy() > 0 && time.Now().Before(end); {
		time.Sleep(10 * time.Millisecond)
	}
}

func routes() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("/readyz", func(w http.ResponseWriter, _ *http.Request) {
		if draining.Load() {
			w.WriteHeader(http.StatusServiceUnavailable)
		}
	})
	mux.HandleFunc("/work", func(w http.ResponseWriter, r *http.Request) {
		if work(r) != nil {
			undo(r) // the client is gone
			return
		}
		journal.add(r.FormValue("id"))
		// --8<-- [start:header]
		if draining.Load() {
			w.Header().Set("Connection", "close") // go elsewhere
		}
		// --8<-- [end:header]
		fmt.Fprint(w, r.FormValue("id"))
	})
	return mux
}

// work stands for a query or a call to another service; the client says how many milliseconds it takes.
func work(r *http.Request) error {
	milliseconds, _ := strconv.Atoi(r.FormValue("ms"))
	select {
	case <-time.After(time.Duration(milliseconds) * time.Millisecond):
		return nil
	case <-r.Context().Done():
		return r.Context().Err()
	}
}

// undo stands for a rollback; the client says how many milliseconds it takes.
func undo(r *http.Request) {
	if milliseconds, _ := strconv.Atoi(r.FormValue("undo")); milliseconds > 0 {
		time.Sleep(time.Duration(milliseconds) * time.Millisecond)
		journal.add(r.FormValue("id") + "-undone")
	}
}

// seconds reads a duration from the environment; no value means none.
func seconds(name string) time.Duration {
	value, _ := time.ParseDuration(os.Getenv(name) + "s")
	return value
}

// A buffer stands for all that a server holds in memory: a batch, a metrics buffer, an audit log.
type buffer struct {
	sync.Mutex
	file  *os.File
	lines *bufio.Writer
}

func openJournal(path string) *buffer {
	file, err := os.Create(path)
	if err != nil {
		log.Fatal(err)
	}
	return &buffer{file: file, lines: bufio.NewWriterSize(file, 1<<20)}
}

func (b *buffer) add(line string) {
	b.Lock()
	defer b.Unlock()
	fmt.Fprintln(b.lines, line)
}

func (b *buffer) close() {
	b.Lock()
	defer b.Unlock()
	if err := b.lines.Flush(); err != nil {
		log.Print(err)
	}
	if err := b.file.Sync(); err != nil {
		log.Print(err)
	}
}
