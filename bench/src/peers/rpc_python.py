"""Calls of Python: a multiprocessing pipe, or RPyC, to another process that gives back what it gets.

`rpc_python.py pipe|rpyc`; then lines `calls <bytes> <count>` on standard input: small values when bytes is 0.
"""

import json
import multiprocessing
import os
import sys
import tempfile
import time


def answer(connection):
    while True:
        value = connection.recv()
        if value is None:
            return
        connection.send(value)


class Pipe:
    def __init__(self):
        self.connection, other = multiprocessing.Pipe()
        self.child = multiprocessing.Process(target=answer, args=(other,), daemon=True)
        self.child.start()

    def echo(self, value):
        self.connection.send(value)
        return self.connection.recv()

    def close(self):
        self.connection.send(None)
        self.child.join()


def serve_rpyc(path, ready):
    import rpyc
    from rpyc.utils.server import OneShotServer

    class Service(rpyc.Service):
        def exposed_echo(self, value):
            return value

    server = OneShotServer(Service(), socket_path=path)
    ready.set()
    server.start()


class Rpyc:
    def __init__(self):
        import rpyc

        self.directory = tempfile.TemporaryDirectory()
        path = os.path.join(self.directory.name, "s")
        ready = multiprocessing.Event()
        self.child = multiprocessing.Process(target=serve_rpyc, args=(path, ready), daemon=True)
        self.child.start()
        ready.wait()
        while True:
            try:
                self.connection = rpyc.utils.factory.unix_connect(path)
                break
            except (FileNotFoundError, ConnectionRefusedError):
                time.sleep(0.01)
        self.echo = self.connection.root.echo

    def close(self):
        self.connection.close()
        self.child.join()
        self.directory.cleanup()


def calls(echo, size, count):
    # RPyC gives a tuple by value, and a dictionary by reference.
    value = bytes(size) if size else ("x", 1)
    took = []
    for _ in range(count):
        started = time.perf_counter()
        echo(value)
        took.append((time.perf_counter() - started) * 1e6)
    ordered = sorted(took)
    at = lambda share: ordered[min(count - 1, int(count * share))]
    return {"p50Us": at(0.5), "p99Us": at(0.99)}


def main():
    peer = {"pipe": Pipe, "rpyc": Rpyc}[sys.argv[1]]()
    print("ready", flush=True)
    for line in sys.stdin:
        _, size, count = line.split()
        print(json.dumps(calls(peer.echo, int(size), int(count))), flush=True)
    peer.close()


if __name__ == "__main__":
    main()
