"""What both contract tests need: the npm packages, programs that talk in lines of JSON, free ports."""
import contextlib
import json
import pathlib
import queue
import shutil
import subprocess
import sys
import threading
import time

HERE = pathlib.Path(__file__).parent
WAIT_S = 60


def needed(program, package):
    path = shutil.which(program) or shutil.which(program, path="/usr/sbin:/usr/local/sbin:/sbin")
    if path is None:
        sys.exit(f"{program} is not installed; this test needs it (apt-get install {package})")
    return path


def install(folder):
    """Once per lock file: a build folder may be tested many times."""
    lock = (HERE / "package-lock.json").read_bytes()
    installed = folder / "installed-lock.json"
    if not (installed.exists() and installed.read_bytes() == lock):
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        for name in ("package.json", "package-lock.json"):
            shutil.copy(HERE / name, folder / name)
        done = subprocess.run([needed("npm", "npm"), "install", "--no-audit", "--no-fund", "--ignore-scripts"],
                              cwd=folder, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=200)
        if done.returncode != 0:
            sys.exit("npm could not install the package smpp, so nothing was tested; it says:\n" + done.stdout)
        installed.write_bytes(lock)
    shutil.copy(HERE / "centre.js", folder / "centre.js")


class Talker:
    """A program that reads and writes one JSON object a line."""

    def __init__(self, test, command, **more):
        self.errors, self.readers = [], []
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                                        text=True, encoding="utf-8", **more)
        self.lines = queue.Queue()
        for stream, put in ((self.process.stdout, lambda line: self.lines.put(json.loads(line))),
                            (self.process.stderr, self.errors.append)):
            reader = threading.Thread(target=lambda s=stream, p=put: [p(line) for line in s], daemon=True)
            reader.start()
            self.readers.append((reader, stream))
        test.addCleanup(self.end)

    def end(self):
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait(WAIT_S)
        for reader, stream in self.readers:
            reader.join(WAIT_S)
            stream.close()
        with contextlib.suppress(OSError):  # it may have died with a line unread
            self.process.stdin.close()

    def say(self, **order):
        self.process.stdin.write(json.dumps(order) + "\n")
        self.process.stdin.flush()

    def until(self, key):
        """The next line with this key; others before it are passed over."""
        end = time.monotonic() + WAIT_S
        while True:
            try:
                line = self.lines.get(timeout=max(0.0, end - time.monotonic()))
            except queue.Empty:
                raise AssertionError(f"no {key} came; errors: {''.join(self.errors[-20:])}") from None
            if "failure" in line and key != "failure":
                raise AssertionError(line["failure"])
            if key in line:
                return line

    def rest(self, key):
        out = []
        while not self.lines.empty():
            line = self.lines.get_nowait()
            if key in line:
                out.append(line)
        return out


class Centre(Talker):
    def __init__(self, test, folder, password="secret", port=0):
        super().__init__(test, [needed("node", "nodejs"), "centre.js", str(port), password], cwd=folder)
        self.port = self.until("port")["port"]

    def order(self, **order):
        self.say(**order)
        self.until("obeyed")


class Courier(Talker):
    def __init__(self, test, courier, plugins, library, settings):
        super().__init__(test, [courier, plugins])
        self.say(library=library, settings=settings)
        self.until("started")

    def deliver(self, *messages):
        self.say(deliver=[{"id": each[0], "to": each[1], "text": each[2]} for each in messages])

    def take_with(self, answer):
        """What the node says from now on; it is so when this returns."""
        self.say(take=answer)
        self.until("taking")

    def carry(self, message_id, to, text):
        self.deliver((message_id, to, text))
        return self.until("reply")


if __name__ == "__main__":  # for bench/run
    install(pathlib.Path(sys.argv[1]))
