"""Agents of a city that hand customers to another one over its API, over and
over: the node may be gone, its disk full, an answer lost. Each customer is asked
for under one Idempotency-Key until the node has said that it has him.
"""
import collections
import http.client
import random
import threading
import time

import city
import world

AGAIN_S = 0.2
PATIENCE_S = 180
LOSES_ANSWER = 0.03
ASKS_TWICE = 0.02


class Callers:
    def __init__(self, origin, run, threads=6):
        self.origin = origin
        self.run = run
        self.count = threads
        self.taken = {}       # number of the customer -> (id, target)
        self.mistakes = []
        self.trouble = collections.Counter()
        self._lock = threading.Lock()
        self._threads = []

    def offer(self, numbers, target):
        """In the background; join() waits for the end."""
        for i in range(self.count):
            mine = numbers[i::self.count]
            thread = threading.Thread(target=self._work, args=(mine, target, random.Random(numbers[0] + i)), daemon=True)
            self._threads.append(thread)
            thread.start()

    def join(self):
        for thread in self._threads:
            thread.join()
        self._threads = []

    def _work(self, numbers, target, dice):
        world.enter_namespace(self.origin.name)
        api = city.Api(city.AGENT)
        for number in numbers:
            try:
                self._one(api, number, target, dice)
            except Exception as what:  # pylint: disable=broad-except
                with self._lock:
                    self.mistakes.append("customer %d: %r" % (number, what))

    def _one(self, api, number, target, dice):
        body = {"city": target, "number": "+861%010d" % (3_000_000_000 + number), "name": "客户%d" % number,
                "notes": "想买两室一厅，靠近湖边，周末可以看房"}
        key = "%s-%s-%d" % (self.run, self.origin.name, number)
        if dice.random() < LOSES_ANSWER and api.token is not None:
            self._hang_up(api, body, key)
        taken = self._until_taken(api, body, key)
        if dice.random() < ASKS_TWICE and self._until_taken(api, body, key) != taken:
            raise RuntimeError("the same request was two callbacks")
        with self._lock:
            self.taken[number] = (taken, target)

    def _hang_up(self, api, body, key):
        try:
            api.send("POST", "/v1/callbacks", body, key)
        except (OSError, http.client.HTTPException):
            pass
        api.forget()
        with self._lock:
            self.trouble["hung up"] += 1

    def _until_taken(self, api, body, key):
        until = time.monotonic() + PATIENCE_S
        while True:
            try:
                status, answer = api.ask("POST", "/v1/callbacks", body, key)
            except (OSError, http.client.HTTPException) as what:
                status, answer = 0, {"code": type(what).__name__}
            if status == 201:
                return answer["id"]
            code = answer["code"] if isinstance(answer, dict) else str(status)
            with self._lock:
                self.trouble[code] += 1
            # 401: logged in anew; 409: the request before is being worked on.
            if status not in (0, 401, 409, 429, 500, 502, 503, 504) or time.monotonic() > until:
                raise RuntimeError("%s %s" % (status, answer))
            time.sleep(AGAIN_S)
