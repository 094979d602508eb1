"""Streams of Python: a multiprocessing pipe, or calls of RPyC that nobody waits for.

`stream_python.py pipe|rpyc`; then lines `flood <bytes> <ms>` and `pace <bytes> <count> <interval ms>` on standard input.
"""

import json
import multiprocessing
import os
import resource
import struct
import sys
import tempfile
import time

STAMP = struct.Struct("<Id")


class Collector:
    """The receiving end, in a process of its own."""

    def __init__(self):
        self.begin()

    def begin(self):
        self.received, self.last, self.latencies = 0, time.monotonic(), []

    def take(self, data):
        self.last = time.monotonic()
        self.received += 1
        _, sent = STAMP.unpack_from(data)
        if sent:
            self.latencies.append((self.last - sent) * 1e6)

    def result(self):
        ordered = sorted(self.latencies)
        at = lambda share: ordered[min(len(ordered) - 1, int(len(ordered) * share))] if ordered else 0
        return {"received": self.received, "last": self.last, "p50Us": at(0.5), "p99Us": at(0.99)}


def receive(connection):
    collector = Collector()
    while True:
        data = connection.recv_bytes()
        if data == b"begin":
            collector.begin()
        elif data == b"finish":
            connection.send(collector.result())
        elif data == b"end":
            return
        else:
            collector.take(data)


class Pipe:
    def __init__(self):
        self.connection, other = multiprocessing.Pipe()
        self.child = multiprocessing.Process(target=receive, args=(other,), daemon=True)
        self.child.start()

    def begin(self):
        self.connection.send_bytes(b"begin")

    def send(self, data):
        self.connection.send_bytes(data)

    def finish(self):
        self.connection.send_bytes(b"finish")
        return self.connection.recv()

    def close(self):
        self.connection.send_bytes(b"end")
        self.child.join()


def serve_rpyc(path, ready):
    import rpyc
    from rpyc.utils.server import OneShotServer

    collector = Collector()

    class Service(rpyc.Service):
        def exposed_begin(self):
            collector.begin()

        def exposed_take(self, data):
            collector.take(data)

        def exposed_finish(self):
            return json.dumps(collector.result())

    server = OneShotServer(Service(), socket_path=path)
    ready.set()
    server.start()


class Rpyc:
    """Calls without waiting for their answer, so many at a time."""

    WINDOW = 64

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
        self.take = rpyc.async_(self.connection.root.take)
        self.waiting = []

    def begin(self):
        self.connection.root.begin()

    def send(self, data):
        self.waiting.append(self.take(bytes(data)))
        if len(self.waiting) >= self.WINDOW:
            self.waiting.pop(0).wait()

    def finish(self):
        for answer in self.waiting:
            answer.wait()
        self.waiting = []
        return json.loads(self.connection.root.finish())

    def close(self):
        self.connection.close()
        self.child.join()
        self.directory.cleanup()


def cpu_us():
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return (usage.ru_utime + usage.ru_stime) * 1e6


def run(link, words):
    data = bytearray(int(words[1]))
    link.begin()
    started, started_cpu = time.monotonic(), cpu_us()
    sent = 0
    if words[0] == "flood":
        end = started + float(words[2]) / 1000
        while sent == 0 or time.monotonic() < end:
            STAMP.pack_into(data, 0, sent & 0xFFFFFFFF, 0.0)
            link.send(data)
            sent += 1
    else:
        for sent in range(1, int(words[2]) + 1):
            time.sleep(float(words[3]) / 1000)
            STAMP.pack_into(data, 0, sent, time.monotonic())
            link.send(data)
    spent = cpu_us() - started_cpu
    result = link.finish()
    result.update(sent=sent, seconds=result.pop("last") - started, cpuUs=spent)
    return result


def main():
    link = {"pipe": Pipe, "rpyc": Rpyc}[sys.argv[1]]()
    print("ready", flush=True)
    for line in sys.stdin:
        print(json.dumps(run(link, line.split())), flush=True)
    link.close()


if __name__ == "__main__":
    main()
