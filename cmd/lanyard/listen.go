package main

import (
	"fmt"
	"io"
	"net"
	"strconv"
)

// portsTried is how many ports after the wanted one are tried.
const portsTried = 50

// nextFree opens host:port, or the next port that is free, and says so on out
// if it is another.
func nextFree[L any](out io.Writer, what, host string, port int, open func(address string) (L, error)) (L, int, error) {
	var last error
	for p := port; p < port+portsTried; p++ {
		l, err := open(net.JoinHostPort(host, strconv.Itoa(p)))
		if err == nil {
			if p != port {
				fmt.Fprintf(out, "Port %d is taken: %s is on %d instead.\n", port, what, p)
			}
			return l, p, nil
		}
		last = err
	}
	var none L
	return none, 0, fmt.Errorf("no port from %d to %d is free for %s: %w", port, port+portsTried-1, what, last)
}

func listenTCP(address string) (net.Listener, error)   { return net.Listen("tcp", address) }
func listenUDP(address string) (net.PacketConn, error) { return net.ListenPacket("udp", address) }
