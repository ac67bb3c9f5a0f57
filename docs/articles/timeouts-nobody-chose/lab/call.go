// One call of Go's HTTP client: `call http_get PORT OPTIONS`. It announces what call.py announces.
package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"time"
)

// Options are limits in milliseconds; zero leaves the default.
type Options struct{ Dial, Headers, Total int }

func client(o Options) *http.Client {
	if o == (Options{}) {
		return http.DefaultClient
	}
	transport := http.DefaultTransport.(*http.Transport).Clone()
	if o.Dial > 0 {
		transport.DialContext = (&net.Dialer{Timeout: time.Duration(o.Dial) * time.Millisecond}).DialContext
	}
	transport.ResponseHeaderTimeout = time.Duration(o.Headers) * time.Millisecond
	return &http.Client{Transport: transport, Timeout: time.Duration(o.Total) * time.Millisecond}
}

func get(c *http.Client, url string) error {
	response, err := c.Get(url)
	if err != nil {
		return err
	}
	defer response.Body.Close()
	say("headers")
	_, err = io.Copy(io.Discard, response.Body)
	return err
}

func say(words ...any) {
	line, _ := json.Marshal(words)
	fmt.Println(string(line))
}

func main() {
	var options Options
	if err := json.Unmarshal([]byte(os.Args[3]), &options); err != nil {
		panic(err)
	}
	say("ready", 0)
	bufio.NewReader(os.Stdin).ReadString('\n')
	start, outcome := time.Now(), "ok"
	if err := get(client(options), "http://127.0.0.1:"+os.Args[2]+"/"); err != nil {
		outcome = err.Error()
	}
	say("end", outcome, time.Since(start).Seconds())
}
