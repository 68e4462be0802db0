// An API server and a kubelet in one, for tests: canned answers, and the kubelet's own streaming.
//
//	kubelet STATE.json
//
// prints the port of 127.0.0.1 that it listens on. STATE.json is read at each request:
//
//	{"answers": {"/api/v1/namespaces/shop/pods/web-1": {"status": 200, "body": {…}}},
//	 "ports": {"shop/web-1:8563": 40123}, "root": "/tmp/…", "inside": ["nsenter", …]}
//
// A GET is looked up with its labelSelector behind it ("…/pods?app=web"), then without. A forward
// to a port of a pod leads to that port of this machine, one that is not in "ports" to a closed
// one; where there is an "inside", to the same port. What runs in a pod runs here, in the folder
// "root", behind the words of "inside". A command of a pod in "barred" is forbidden.
// POST /end/NAMESPACE/POD ends a pod.
package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"k8s.io/apimachinery/pkg/types"
	constants "k8s.io/apimachinery/pkg/util/remotecommand"
	"k8s.io/client-go/tools/remotecommand"
	utilexec "k8s.io/utils/exec"

	pfw "k8s.io/kubelet/pkg/cri/streaming/portforward"
	rcmd "k8s.io/kubelet/pkg/cri/streaming/remotecommand"
)

const patience = time.Hour

type answer struct {
	Status int
	Body   json.RawMessage
}

type state struct {
	Answers map[string]answer
	Ports   map[string]int
	Root    string
	Inside  []string
	Barred  []string
}

type connKey struct{}

// server streams to the pods; lines holds the connections to each, which end with it.
type server struct {
	path  string
	mutex sync.Mutex
	lines map[string][]net.Conn
}

func (s *server) read() (found state) {
	content, err := os.ReadFile(s.path)
	if err == nil {
		err = json.Unmarshal(content, &found)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
	}
	return found
}

func (s *server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	parts := strings.Split(strings.Trim(r.URL.Path, "/"), "/")
	switch {
	case len(parts) == 3 && parts[0] == "end" && r.Method == http.MethodPost:
		s.end(parts[1] + "/" + parts[2])
	case len(parts) == 7 && parts[6] == "portforward":
		s.forward(w, r, parts[3]+"/"+parts[5])
	case len(parts) == 7 && parts[6] == "exec":
		s.exec(w, r, parts[3]+"/"+parts[5])
	default:
		s.answer(w, r)
	}
}

func (s *server) answer(w http.ResponseWriter, r *http.Request) {
	answers := s.read().Answers
	found, ok := answers[r.URL.Path+"?"+r.URL.Query().Get("labelSelector")]
	if !ok {
		found, ok = answers[r.URL.Path]
	}
	w.Header().Set("Content-Type", "application/json")
	if !ok {
		found = answer{http.StatusNotFound, json.RawMessage(`{"kind":"Status","apiVersion":"v1",
			"status":"Failure","reason":"NotFound","message":"not there","code":404}`)}
	}
	w.WriteHeader(found.Status)
	_, _ = w.Write(found.Body)
}

func (s *server) keep(r *http.Request, pod string) {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	s.lines[pod] = append(s.lines[pod], r.Context().Value(connKey{}).(net.Conn))
}

func (s *server) end(pod string) {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	for _, line := range s.lines[pod] {
		_ = line.Close()
	}
	delete(s.lines, pod)
}

func (s *server) forward(w http.ResponseWriter, r *http.Request, pod string) {
	options, err := pfw.NewV4Options(r)
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	s.keep(r, pod)
	pfw.ServePortForward(w, r, s, pod, types.UID("1"), options, patience, patience,
		pfw.SupportedProtocols)
}

// PortForward joins a stream to a port; its words are those of containerd.
func (s *server) PortForward(_ context.Context, pod string, _ types.UID, port int32,
	stream io.ReadWriteCloser) error {
	defer stream.Close()
	found := s.read()
	to, ok := found.Ports[pod+":"+strconv.Itoa(int(port))]
	if !ok && len(found.Inside) > 0 {
		to = int(port)
	} else if !ok {
		to = 1
	}
	line, err := net.Dial("tcp4", "127.0.0.1:"+strconv.Itoa(to))
	if err != nil {
		return fmt.Errorf("failed to execute portforward in network namespace %q: failed to "+
			"connect to localhost:%d inside namespace %q, IPv4: %w", "/run/ns", port, "1", err)
	}
	defer line.Close()
	ends := make(chan error, 2)
	go func() { _, err := io.Copy(line, stream); ends <- err }()
	go func() { _, err := io.Copy(stream, line); ends <- err }()
	return <-ends
}

func (s *server) exec(w http.ResponseWriter, r *http.Request, pod string) {
	if slices.Contains(s.read().Barred, pod) {
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(http.StatusForbidden)
		fmt.Fprintf(w, `{"kind":"Status","apiVersion":"v1","status":"Failure","reason":"Forbidden",
			"code":403,"message":"pods \"x\" is forbidden: User \"dev\" cannot create resource `+
			`\"pods/exec\" in API group \"\" in the namespace \"shop\""}`)
		return
	}
	s.keep(r, pod)
	query := r.URL.Query()
	// As the API server has them: a kubelet calls them by other names.
	options := &rcmd.Options{
		Stdin:  query.Get("stdin") == "true",
		Stdout: query.Get("stdout") == "true",
		Stderr: query.Get("stderr") == "true",
	}
	rcmd.ServeExec(w, r, s, pod, types.UID("1"), query.Get("container"), query["command"],
		options, patience, patience, constants.SupportedStreamingProtocols)
}

// ExecInContainer runs the command on this machine.
func (s *server) ExecInContainer(ctx context.Context, _ string, _ types.UID, _ string,
	command []string, in io.Reader, out, errOut io.WriteCloser, _ bool,
	_ <-chan remotecommand.TerminalSize, _ time.Duration) error {
	found := s.read()
	command = append(found.Inside, command...)
	run := exec.CommandContext(ctx, command[0], command[1:]...)
	run.Dir = found.Root
	run.Stdin, run.Stdout, run.Stderr = in, out, errOut
	err := run.Run()
	var failed *exec.ExitError
	if errors.As(err, &failed) {
		return utilexec.CodeExitError{Err: err, Code: failed.ExitCode()}
	}
	return err
}

func main() {
	listening, err := net.Listen("tcp4", "127.0.0.1:0")
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	fmt.Println(listening.Addr().(*net.TCPAddr).Port)
	pods := &server{path: os.Args[1], lines: map[string][]net.Conn{}}
	serving := http.Server{
		Handler: pods,
		ConnContext: func(ctx context.Context, line net.Conn) context.Context {
			return context.WithValue(ctx, connKey{}, line)
		},
	}
	_ = serving.Serve(listening)
}
