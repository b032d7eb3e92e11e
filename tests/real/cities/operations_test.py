"""The procedures of docs/operations-cities.md, as they are written there, on real
nodes and nats-servers. After each step customers are handed over; what waits
while something is broken must arrive when it is not.

usage: operations_test.py FOLDER_WITH_BIN_AND_LIB SOURCE_FOLDER
"""
import http.client
import os
import shutil
import subprocess
import sys
import time

import city
import world

PATIENCE_S = 100
PUBLIC_KEY = "openssl pkey -in %s -pubout -outform DER | tail -c 32 | od -An -v -tx1 | tr -d ' \\n'"


class Walk:
    def __init__(self, folder, programs, source):
        self.out = folder
        self.programs = programs
        self.source = source
        self.hub_address = world.HUB_ADDRESS
        self.network = world.Network()
        self.cities = {}
        self.customers = 0
        self.began = time.monotonic()

    def told(self, what):
        print("%6.1f s  %s" % (time.monotonic() - self.began, what), flush=True)

    # ---- what an administrator has
    def add(self, name, folder=None):
        self.cities[name] = city.City(name, self.network, folder or self.out / name, self.programs)
        return self.cities[name]

    def make_config(self, *names):
        subprocess.run([self.source + "/config/nats/make-config", "--out", str(self.out), "--hub",
                        self.hub_address + ":7422", "--store", str(self.out / "store"), *names], check=True)

    def peers_of(self, name):
        return [line for line in (self.out / "peers.txt").read_text().split() if not line.startswith(name + "=")]

    def write(self, name, peers=None, key="city-key.pem", without=()):
        others = [other for other in self.cities if other not in (name, *without)]
        self.cities[name].write(others, city.nats_link(peers or self.peers_of(name), key))

    def start_hub(self):
        self.hub = world.start(world.HUB, ["nats-server", "-c", "nats-hub.conf"], self.out / "hub",
                               self.out / "hub" / "hub.log")

    def restart_hub(self):
        world.kill(self.hub)
        self.start_hub()

    def restart_leaf(self, name):
        world.kill(self.cities[name].leaf)
        self.cities[name].start_leaf()

    # ---- what must be right
    def offer(self, origin, target):
        self.customers += 1
        status, made = self.cities[origin].ask(
            "POST", "/v1/callbacks", {"city": target, "number": "+86139%08d" % self.customers, "name": "客户"},
            "walk-%d" % self.customers, city.AGENT)
        if status != 201:
            raise RuntimeError("%s offers to %s: %s %s" % (origin, target, status, made))
        return origin, target, made["id"]

    def known(self, offered):
        origin, target, identity = offered
        try:
            here = self.cities[origin].ask("GET", "/v1/callbacks/" + identity)
            there = self.cities[target].ask("GET", "/v1/callbacks/" + identity)
        except (OSError, http.client.HTTPException):
            return False
        return there[0] == 200 and here[1]["state"] == there[1]["state"] == "accepted"

    def arrive(self, *offered):
        for each in offered:
            world.wait_until("a callback from %s to %s (%s)" % each, lambda one=each: self.known(one), PATIENCE_S)

    def waits(self, offered, seconds=3):
        time.sleep(seconds)
        if self.known(offered):
            raise RuntimeError("a callback from %s to %s (%s) arrived, and should wait" % offered)

    def log_has(self, name, word):
        world.wait_until("%s in the log of %s" % (word, name),
                         lambda: word in (self.cities[name].folder / "node.log").read_text(errors="replace"), 30)

    # ---- link_nats
    def set_up(self):
        self.make_config("beijing", "hangzhou")
        self.start_hub()
        for name in ("beijing", "hangzhou"):
            self.add(name)
        for name in self.cities:
            self.write(name)
            self.cities[name].start_leaf()
            self.cities[name].start_node()
        self.arrive(self.offer("beijing", "hangzhou"), self.offer("hangzhou", "beijing"))
        self.told("two cities behind a hub hand over customers")

    def add_a_city(self):
        self.make_config("nanjing")
        meanwhile = self.offer("beijing", "hangzhou")
        self.restart_hub()
        nanjing = self.add("nanjing")
        for name in self.cities:
            self.write(name)
        for name in ("beijing", "hangzhou"):
            self.cities[name].restart_node()
        early = self.offer("beijing", "nanjing")
        self.waits(early)
        nanjing.start_leaf()
        nanjing.start_node()
        self.arrive(meanwhile, early, self.offer("nanjing", "hangzhou"), self.offer("hangzhou", "nanjing"))
        self.told("a third city was added; what waited for it has arrived")

    def change_a_signing_key(self):
        beijing = self.cities["beijing"]
        subprocess.run(["openssl", "genpkey", "-algorithm", "ed25519", "-out", "new-key.pem"], cwd=beijing.folder,
                       check=True, stderr=subprocess.DEVNULL)
        public = subprocess.run(PUBLIC_KEY % "new-key.pem", shell=True, cwd=beijing.folder, check=True,
                                stdout=subprocess.PIPE, text=True).stdout
        old = {name: self.peers_of(name) for name in ("hangzhou", "nanjing")}
        # Hangzhou is told in time, nanjing is not.
        self.write("hangzhou", old["hangzhou"] + ["beijing=" + public])
        self.cities["hangzhou"].restart_node()
        self.arrive(self.offer("beijing", "hangzhou"))
        self.write("beijing", key="new-key.pem")
        beijing.restart_node()
        self.log_has("beijing", public)
        early = self.offer("beijing", "nanjing")
        self.arrive(self.offer("beijing", "hangzhou"))
        self.log_has("nanjing", "link_nats.wrong_signature")
        self.waits(early, 1)
        new = ["beijing=" + public if peer.startswith("beijing=") else peer for peer in old["nanjing"]]
        self.write("nanjing", new)
        self.cities["nanjing"].restart_node()
        self.arrive(early)
        self.write("hangzhou", [peer for peer in old["hangzhou"] if not peer.startswith("beijing=")] +
                   ["beijing=" + public])
        self.cities["hangzhou"].restart_node()
        shutil.copy(beijing.folder / "new-key.pem", self.out / "beijing" / "city-key.pem")
        self.make_config("beijing")
        if "beijing=" + public not in self.peers_of("hangzhou"):
            raise RuntimeError("peers.txt does not have the new key")
        self.arrive(self.offer("beijing", "hangzhou"), self.offer("beijing", "nanjing"))
        self.told("a city has another signing key; the city that was told late has lost nothing")

    def change_a_leafs_certificate_and_password(self):
        folder = self.out / "nanjing"
        (folder / "nanjing.pem").unlink()
        (folder / "hub-password").unlink()
        self.make_config("nanjing")
        meanwhile = self.offer("beijing", "nanjing")
        self.restart_hub()
        self.restart_leaf("nanjing")
        self.arrive(meanwhile, self.offer("nanjing", "beijing"))
        self.told("a leaf has another certificate and another password")

    def lose_the_hub(self):
        world.kill(self.hub)
        meanwhile = [self.offer("beijing", "hangzhou"), self.offer("nanjing", "beijing")]
        self.waits(meanwhile[0])
        self.start_hub()
        self.arrive(*meanwhile)
        self.told("the hub was killed and started again")
        world.kill(self.hub)
        shutil.rmtree(self.out / "store" / "hub")
        meanwhile = [self.offer("beijing", "hangzhou"), self.offer("nanjing", "beijing")]
        self.start_hub()
        self.arrive(*meanwhile, self.offer("hangzhou", "nanjing"))
        self.told("the hub has lost its disk")
        world.kill(self.hub)
        shutil.rmtree(self.out / "store" / "hub")
        self.hub_address = world.NETWORK + "2"
        world.run("ip", "-n", world.HUB, "addr", "del", world.HUB_ADDRESS + "/24", "dev", world.BRIDGE)
        world.run("ip", "-n", world.HUB, "addr", "add", self.hub_address + "/24", "dev", world.BRIDGE)
        meanwhile = [self.offer("beijing", "hangzhou"), self.offer("nanjing", "beijing")]
        self.make_config(*self.cities)
        self.start_hub()
        for name in self.cities:
            self.restart_leaf(name)
        self.arrive(*meanwhile, self.offer("hangzhou", "nanjing"))
        self.told("the hub is another machine with another address")

    def lose_a_leaf(self):
        hangzhou = self.cities["hangzhou"]
        world.kill(hangzhou.leaf)
        meanwhile = [self.offer("beijing", "hangzhou"), self.offer("hangzhou", "beijing")]
        self.waits(meanwhile[0])
        hangzhou.start_leaf()
        self.arrive(*meanwhile)
        world.kill(hangzhou.leaf)
        shutil.rmtree(self.out / "store" / "leaf-hangzhou")
        meanwhile = [self.offer("beijing", "hangzhou"), self.offer("hangzhou", "beijing")]
        hangzhou.start_leaf()
        self.arrive(*meanwhile)
        self.told("a leaf was killed, and has lost its disk")

    def restore_a_node(self):
        beijing = self.cities["beijing"]
        before, other = self.offer("beijing", "hangzhou"), self.offer("beijing", "hangzhou")
        self.arrive(before, other)
        self.tool(beijing, "--config", "node.xml", "backup", "backup.db")
        # After the backup: sent, taken, ended elsewhere.
        sent = self.offer("beijing", "nanjing")
        taken = self.offer("hangzhou", "beijing")
        self.arrive(sent, taken)
        self.act("hangzhou", before[2], "done", {"outcome": "viewing_agreed"})
        beijing.stop_node()
        world.kill(self.cities["hangzhou"].node)
        self.tool(beijing, "--config", "node.xml", "restore", "--force", "backup.db")
        beijing.start_node()
        # Hangzhou is not there: nothing shared with it may be touched.
        status, answer = beijing.ask("POST", "/v1/callbacks/%s/withdraw" % other[2], {}, "walk-w", city.TEAM_LEAD)
        if answer.get("code") != "callback.not_reconciled":
            raise RuntimeError("a restored node acts before it has asked: %s %s" % (status, answer))
        self.cities["hangzhou"].start_node()
        self.agree(before, "done")
        self.agree(other)
        self.agree(sent)
        self.agree(taken)
        self.arrive(self.offer("beijing", "hangzhou"), self.offer("hangzhou", "beijing"))
        print(self.tool(beijing, "callbacks"), self.tool(beijing, "cities"), sep="")
        self.told("a node was restored from a backup and knows again what the other cities know")

    def take_a_city_away(self):
        for name in ("beijing", "hangzhou"):
            self.write(name, [peer for peer in self.peers_of(name) if not peer.startswith("nanjing=")], without=("nanjing",))
        world.kill(self.cities["nanjing"].node)
        world.kill(self.cities["nanjing"].leaf)
        del self.cities["nanjing"]
        shutil.rmtree(self.out / "nanjing")
        self.make_config("beijing")
        self.restart_hub()
        for each in self.cities.values():
            each.restart_node()
        self.arrive(self.offer("beijing", "hangzhou"), self.offer("hangzhou", "beijing"))
        self.told("a city was taken away")

    # ---- link_https
    def certificate(self, name, file):
        subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days",
                        "825", "-subj", "/CN=" + name, "-keyout", file + "-key.pem", "-out", file + ".pem"],
                       cwd=self.cities[name].folder, check=True, stderr=subprocess.DEVNULL)
        printed = subprocess.run(["openssl", "x509", "-in", file + ".pem", "-noout", "-fingerprint", "-sha256"],
                                 cwd=self.cities[name].folder, check=True, stdout=subprocess.PIPE, text=True).stdout
        return printed.strip().split("=")[1]

    def write_https(self, name, other, pins, file="city"):
        self.cities[name].write([other], city.HTTPS_LINK.format(
            peers="%s=https://%s:%d" % (other, self.network.address(other), city.HTTPS_PORT),
            pins=", ".join("%s=%s" % (other, pin) for pin in pins), certificate=file + ".pem", key=file + "-key.pem",
            address=self.network.address(name), port=city.HTTPS_PORT))

    def change_certificates(self):
        for each in self.cities.values():
            each.stop_node()
        self.cities = {}
        suzhou, wuxi = self.add("suzhou"), self.add("wuxi")
        pin = {name: self.certificate(name, "city") for name in self.cities}
        self.write_https("suzhou", "wuxi", [pin["wuxi"]])
        self.write_https("wuxi", "suzhou", [pin["suzhou"]])
        suzhou.start_node()
        wuxi.start_node()
        self.arrive(self.offer("suzhou", "wuxi"), self.offer("wuxi", "suzhou"))
        new = self.certificate("suzhou", "new")
        # In the wrong order: the new one is used before the other city knows it.
        self.write_https("suzhou", "wuxi", [pin["wuxi"]], "new")
        suzhou.restart_node()
        early = self.offer("suzhou", "wuxi")
        self.log_has("wuxi", "link_https.wrong_certificate")
        self.waits(early, 1)
        self.write_https("wuxi", "suzhou", [pin["suzhou"], new])
        wuxi.restart_node()
        self.arrive(early, self.offer("wuxi", "suzhou"))
        self.write_https("wuxi", "suzhou", [new])
        wuxi.restart_node()
        self.arrive(self.offer("suzhou", "wuxi"), self.offer("wuxi", "suzhou"))
        self.told("over link_https a city has another certificate, used too early")

    # ---- small things
    def tool(self, where, *arguments):
        code, printed = where.tool(*arguments)
        if code != 0:
            raise RuntimeError("citybridge %s: %s" % (" ".join(arguments), printed))
        return printed

    def act(self, name, identity, what, body):
        status, answer = self.cities[name].ask("POST", "/v1/callbacks/%s/%s" % (identity, what), body,
                                               "walk-%s-%s" % (identity, what), city.TEAM_LEAD)
        if status != 200:
            raise RuntimeError("%s in %s: %s %s" % (what, name, status, answer))

    def agree(self, offered, state=None):
        origin, target, identity = offered

        def alike():
            answers = [self.cities[name].ask("GET", "/v1/callbacks/" + identity) for name in (origin, target)]
            if any(status != 200 for status, _ in answers):
                return False
            here, there = (answer for _, answer in answers)
            return here["state"] == there["state"] and state in (None, here["state"])
        world.wait_until("%s and %s agree about %s" % offered, alike, PATIENCE_S)


def main():
    programs, source = os.path.abspath(sys.argv[1]), os.path.abspath(sys.argv[2])
    walk = Walk(world.enter(), programs, source)
    try:
        for step in (walk.set_up, walk.add_a_city, walk.change_a_signing_key, walk.change_a_leafs_certificate_and_password,
                     walk.lose_the_hub, walk.lose_a_leaf, walk.restore_a_node, walk.take_a_city_away,
                     walk.change_certificates):
            step()
    except (RuntimeError, OSError, http.client.HTTPException, subprocess.SubprocessError) as what:
        print("wrong: %r" % what)
        for each in walk.cities.values():
            print("---- %s\n%s\n-- its server\n%s" % (each.name, each.log_tail(), each.log_tail("leaf.log")))
        return 1
    print("the procedures of docs/operations-cities.md hold")
    return 0


if __name__ == "__main__":
    sys.exit(main())
