"""A world of its own for tests of cities: the hub and every city in a network
namespace, joined by a bridge. Namespaces, mounts, processes and files belong to
the test alone and end with it, however it ends.
"""
import ctypes
import os
import pathlib
import shutil
import signal
import subprocess
import sys
import tempfile
import time

HUB = "hub"
BRIDGE = "bridge0"
NETWORK = "10.99.0."
HUB_ADDRESS = NETWORK + "1"
ENTERED = "CITYBRIDGE_WORLD"  # the test's folder, for the process inside
_libc = ctypes.CDLL(None, use_errno=True)
_PR_SET_PDEATHSIG = 1
_CLONE_NEWNET = 0x40000000


def run(*command):
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
    if done.returncode != 0:
        raise RuntimeError("%s: %s" % (" ".join(command), done.stdout.strip()))


def _ends_with_parent():
    _libc.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)


def _require():
    for program in ("ip", "unshare", "nsenter", "mount", "nats-server", "openssl"):
        if shutil.which(program) is None:
            sys.exit("%s is missing: apt-get install iproute2 util-linux nats-server openssl" % program)
    probe = subprocess.run(["unshare", "--mount", "--pid", "--net", "--fork", "true"], stdout=subprocess.PIPE,
                           stderr=subprocess.STDOUT, text=True, check=False)
    if probe.returncode != 0:
        sys.exit("This test puts each city into a network namespace of its own, which is not permitted here (%s). Run "
                 "it as root, in a container with CAP_SYS_ADMIN and CAP_NET_ADMIN." % probe.stdout.strip())


def enter():
    """Goes on in the new world; the folder of the test. The process outside only waits, and tidies up."""
    if ENTERED in os.environ:
        run("mount", "-t", "tmpfs", "tmpfs", "/run")
        os.mkdir("/run/netns")
        return pathlib.Path(os.environ[ENTERED])
    _require()
    folder = tempfile.mkdtemp(prefix="citybridge-cities-")
    try:
        inside = ["unshare", "--mount", "--pid", "--fork", "--kill-child", "--mount-proc", "--propagation", "private"]
        done = subprocess.run(inside + [sys.executable] + sys.argv, env={**os.environ, ENTERED: folder},
                              preexec_fn=_ends_with_parent, check=False)
        sys.exit(done.returncode)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def enter_namespace(name):
    """The calling thread makes its sockets there from now on."""
    with open("/run/netns/" + name, encoding="ascii") as place:
        if _libc.setns(place.fileno(), _CLONE_NEWNET) != 0:
            raise OSError(ctypes.get_errno(), "cannot enter " + name)


def start(namespace, command, folder, log):
    with open(log, "ab") as out:
        return subprocess.Popen(["nsenter", "--net=/run/netns/" + namespace] + command, cwd=folder, stdout=out,
                                stderr=out, stdin=subprocess.DEVNULL)


def kill(process):
    process.kill()
    process.wait()


def wait_until(what, condition, seconds):
    until = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > until:
            raise RuntimeError("not within %d s: %s" % (seconds, what))
        time.sleep(0.1)


class Network:
    """hub --- bridge --- one line for each city."""

    def __init__(self):
        self.lines = []
        run("ip", "netns", "add", HUB)
        run("ip", "-n", HUB, "link", "set", "lo", "up")
        run("ip", "-n", HUB, "link", "add", "name", BRIDGE, "type", "bridge")
        run("ip", "-n", HUB, "addr", "add", HUB_ADDRESS + "/24", "dev", BRIDGE)
        run("ip", "-n", HUB, "link", "set", BRIDGE, "up")

    def add(self, city):
        line = "line%d" % len(self.lines)
        self.lines.append(city)
        run("ip", "netns", "add", city)
        run("ip", "-n", HUB, "link", "add", line, "type", "veth", "peer", "name", "hubward", "netns", city)
        run("ip", "-n", HUB, "link", "set", line, "master", BRIDGE, "up")
        run("ip", "-n", city, "addr", "add", "%s%d/24" % (NETWORK, 10 + len(self.lines)), "dev", "hubward")
        run("ip", "-n", city, "link", "set", "lo", "up")
        run("ip", "-n", city, "link", "set", "hubward", "up")

    def address(self, city):
        return "%s%d" % (NETWORK, 11 + self.lines.index(city))

    def cut(self, city, there):
        """Nothing passes, nobody is told."""
        run("ip", "-n", HUB, "link", "set", "line%d" % self.lines.index(city), "up" if there else "down")
