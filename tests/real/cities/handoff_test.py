"""Callbacks between three cities over real nats-servers: 20,000 of them while the
line of one is cut, the hub and nodes are killed, and a disk is full. Each must
be known in both cities, in the same state, and have been received there once.

usage: handoff_test.py FOLDER_WITH_BIN_AND_LIB SOURCE_FOLDER
CITYBRIDGE_CITY_ROUNDS: how often 20,000; without it a small number, to try.
"""
import http.client
import os
import shutil
import sqlite3
import subprocess
import sys
import time

import callers
import city
import world

NEAR, FAR, THIRD = "beijing", "hangzhou", "nanjing"
DISK_MIB = 512
SETTLE_S = 150


class Handoff:
    def __init__(self, folder, programs, source):
        rounds = int(os.environ.get("CITYBRIDGE_CITY_ROUNDS", "0"))
        self.size = 20_000 * rounds if rounds > 0 else 2_000
        self.cut_s, self.full_s = (60, 10) if rounds > 0 else (6, 3)
        self.began = time.monotonic()
        self.network = world.Network()
        self.cities = {name: city.City(name, self.network, folder / name, programs) for name in (NEAR, FAR, THIRD)}
        self.far_data = folder / FAR / "data"
        world.run("mount", "-t", "tmpfs", "-o", "size=%dm" % DISK_MIB, "tmpfs", str(self.far_data))
        subprocess.run([source + "/config/nats/make-config", "--out", str(folder), "--hub", world.HUB_ADDRESS + ":7422",
                        "--store", str(folder / "store")] + list(self.cities), check=True)
        peers = (folder / "peers.txt").read_text().split()
        for name, each in self.cities.items():
            each.write([other for other in self.cities if other != name],
                       city.nats_link([peer for peer in peers if not peer.startswith(name + "=")]))
        self.hub_folder = folder / "hub"
        self.start_hub()
        for each in self.cities.values():
            each.start_leaf()
            each.start_node()
        self.callers = {name: callers.Callers(each, "%d" % os.getpid()) for name, each in self.cities.items()}
        self.next = {name: i * 10_000_000 for i, name in enumerate(self.cities)}
        self.told("three nodes and four nats-servers are there")

    def told(self, what):
        print("%6.1f s  %s" % (time.monotonic() - self.began, what), flush=True)

    def start_hub(self):
        self.hub = world.start(world.HUB, ["nats-server", "-c", "nats-hub.conf"], self.hub_folder,
                               self.hub_folder / "hub.log")

    # ---- what people do
    def offer(self, share):
        """Half of it from beijing to hangzhou, a quarter from nanjing to hangzhou, a quarter from hangzhou."""
        for origin, target, part in ((NEAR, FAR, 2), (THIRD, FAR, 1), (FAR, NEAR, 1)):
            count = int(self.size * share * part / 4)
            first = self.next[origin]
            self.next[origin] += count
            self.callers[origin].offer(list(range(first, first + count)), target)
        return self.taken() + self.size * share

    def taken(self):
        return sum(len(each.taken) + len(each.mistakes) for each in self.callers.values())

    def until(self, count):
        world.wait_until("%d customers are taken" % count, lambda: self.taken() >= count, callers.PATIENCE_S)

    def join(self):
        for each in self.callers.values():
            each.join()
        self.told("%d customers were handed over" % self.taken())

    # ---- what goes wrong
    def cut_line_and_kill_hub(self, share):
        began = self.taken()
        self.offer(share)
        self.until(began + self.size * share * 0.2)
        self.told("the line of %s is cut" % FAR)
        self.network.cut(FAR, there=False)
        time.sleep(self.cut_s / 3)
        world.kill(self.hub)
        self.told("the hub is killed")
        time.sleep(1)
        self.start_hub()
        self.told("the hub is started")
        time.sleep(self.cut_s * 2 / 3 - 1)
        self.network.cut(FAR, there=True)
        self.told("the line is there again")
        self.join()

    def kill_nodes_and_hub(self, share):
        began = self.taken()
        self.offer(share)
        for at, name in ((0.2, FAR), (0.4, world.HUB), (0.6, NEAR)):
            self.until(began + self.size * share * at)
            self.told("%s is killed" % (name if name == world.HUB else "the node of " + name))
            if name == world.HUB:
                world.kill(self.hub)
                self.start_hub()
            else:
                world.kill(self.cities[name].node)
                self.cities[name].start_node()
        self.told("all are started again")
        self.join()

    def fill_disk(self, share):
        began = self.taken()
        self.offer(share)
        self.until(began + self.size * share * 0.2)
        ballast = self.far_data / "ballast"
        with open(ballast, "wb", buffering=0) as file:
            try:
                while True:
                    file.write(bytes(1 << 16))
            except OSError:
                pass
        self.told("the disk of %s is full, %d MiB free" % (FAR, shutil.disk_usage(self.far_data).free >> 20))
        time.sleep(self.full_s)
        ballast.unlink()
        self.told("there is room again")
        self.join()

    # ---- what must hold
    def settle(self):
        def settled():
            return all(not each.ask("GET", "/v1/" + path)[1]["items"] for each in self.cities.values()
                       for path in ("callbacks?side=origin&state=offered&limit=1", "admin/outbox?state=pending&limit=1"))
        world.wait_until("every callback has been received, and its receipt with it", settled, SETTLE_S)
        self.told("nothing waits any more")

    def judge(self):
        mistakes = [each for one in self.callers.values() for each in one.mistakes]
        books = {name: {row["id"]: row for row in each.list("/v1/callbacks")} for name, each in self.cities.items()}
        expected = {name: set() for name in self.cities}
        for origin, one in self.callers.items():
            for number, (identity, target) in one.taken.items():
                expected[target].add(identity)
                here, there = books[origin].get(identity), books[target].get(identity)
                if here is None or there is None:
                    mistakes.append("lost: %s of %s is not known in %s" % (identity, origin, target))
                    continue
                if here["side"] != "origin" or there["side"] != "target":
                    mistakes.append("%s is on the wrong side" % identity)
                for field in ("number", "state", "holder", "epoch", "outcome", "origin", "target"):
                    if here[field] != there[field]:
                        mistakes.append("%s: %s is %s in %s and %s in %s" %
                                        (identity, field, here[field], origin, there[field], target))
                if here["state"] != "accepted" or not here["number"].endswith("%010d" % (3_000_000_000 + number)):
                    mistakes.append("%s is %s for %s" % (identity, here["state"], here["number"]))
            ids = [identity for identity, _ in one.taken.values()]
            if len(ids) != len(set(ids)):
                mistakes.append("%s gave two customers one callback" % origin)
            own = {identity for identity, row in books[origin].items() if row["side"] == "origin"}
            if own != set(ids):
                mistakes.append("%s has %d callbacks nobody asked for" % (origin, len(own - set(ids))))
        for name, rows in books.items():
            there = {identity for identity, row in rows.items() if row["side"] == "target"}
            if there != expected[name]:
                mistakes.append("%s has %d callbacks and should have %d" % (name, len(there), len(expected[name])))
        return mistakes

    def judge_histories(self):
        """In the stores, when the nodes have stopped: one reception each."""
        mistakes = []
        for name, each in self.cities.items():
            code = each.stop_node()
            if code != 0:
                mistakes.append("the node of %s ended with %s" % (name, code))
            with sqlite3.connect(each.folder / "data" / (name + ".db")) as store:
                if store.execute("pragma integrity_check").fetchall() != [("ok",)]:
                    mistakes.append("the store of %s is damaged" % name)
                twice = store.execute(
                    "select count(*) from (select c.id, count(h.n) as times from callbacks c left join "
                    "callback_history h on h.callback = c.id and h.action = 'received' where c.side = 'target' "
                    "group by c.id) as all_of_them where times <> 1").fetchone()[0]
            if twice:
                mistakes.append("%d callbacks were received twice, or never, in %s" % (twice, name))
        return mistakes

    def play(self):
        self.cut_line_and_kill_hub(0.5)
        self.kill_nodes_and_hub(0.3)
        self.fill_disk(0.2)
        self.settle()
        mistakes = self.judge()
        self.told("both cities' books are compared")
        mistakes += self.judge_histories()
        for name, one in self.callers.items():
            print("what callers of %s met: %s" % (name, dict(one.trouble)))
        for each in mistakes[:20]:
            print("wrong: " + each)
        print("%d callbacks between three cities, %d mistakes" % (self.taken(), len(mistakes)))
        return 1 if mistakes or self.taken() < int(self.size * 0.99) else 0


def main():
    programs, source = os.path.abspath(sys.argv[1]), os.path.abspath(sys.argv[2])
    folder = world.enter()
    handoff = None
    try:
        handoff = Handoff(folder, programs, source)
        return handoff.play()
    except (RuntimeError, OSError, http.client.HTTPException) as what:
        print("wrong: %r" % what)
        for each in handoff.cities.values() if handoff else ():
            print("---- %s\n%s\n-- its server\n%s" % (each.name, each.log_tail(), each.log_tail("leaf.log")))
        return 1


if __name__ == "__main__":
    sys.exit(main())
