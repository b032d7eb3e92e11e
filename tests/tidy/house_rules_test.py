#!/usr/bin/env python3
"""Each rule must catch what it forbids: a rule that finds nothing proves nothing."""
import unittest

import house_rules as rules


def messages(path, text):
    return [message for _, message in rules.check_file(path, text)]


class HouseRules(unittest.TestCase):
    def test_an_adapter_may_not_look_into_core(self):
        self.assertTrue(messages("adapters/asterisk/x.cpp", '#include "core/calls/call_book.h"\n'))
        self.assertTrue(messages("adapters/asterisk/x.cpp", '#include "adapters/simulator/engine.h"\n'))
        self.assertFalse(messages("adapters/asterisk/x.cpp", '#include "core/api/result.h"\n#include "adapters/asterisk/y.h"\n'))

    def test_a_pure_room_has_no_clock_thread_or_socket(self):
        for line in ("#include <thread>", "#include <Poco/Net/StreamSocket.h>", "auto t = std::chrono::steady_clock::now();",
                     "Now now = system_now();"):
            self.assertTrue(messages("core/calls/x.cpp", line + "\n"), line)
            self.assertFalse(messages("core/node/x.cpp", line + "\n"), line)

    def test_long_functions_are_found_and_long_namespaces_are_not(self):
        body = "\n".join("    work();" for _ in range(75))
        self.assertTrue(messages("core/a.cpp", "namespace a {\nvoid f() {\n" + body + "\n}\n}\n"))
        self.assertFalse(messages("core/a.cpp", "namespace a {\nclass B {\n" + "\n".join("    int x;" for _ in range(80)) + "\n};\n}\n"))
        self.assertFalse(messages("core/a.cpp", "struct A {\n" + "\n".join(f"    void f{i}() {{ work(); }}" for i in range(90)) + "\n};\n"))
        self.assertTrue(messages("core/a.cpp", 'void f() {\n    text("}");\n' + body + "\n}\n"))

    def test_long_files_and_unfinished_places(self):
        self.assertTrue(messages("core/a.cpp", "int x;\n" * 401))
        self.assertTrue(messages("core/a.cpp", "// " + "TO" + "DO\n"))

    def test_an_error_code_without_explanation(self):
        sources = {"core/a.cpp": 'return Error{"room.what", "x"};\n'}
        self.assertTrue(list(rules.check_codes(sources, set())))
        self.assertFalse(list(rules.check_codes(sources, {"room.what"})))

    def test_a_room_without_readme(self):
        self.assertTrue(list(rules.check_rooms({"adapters/x/plugin.cpp"})))
        self.assertFalse(list(rules.check_rooms({"adapters/x/plugin.cpp", "adapters/x/README.md"})))


if __name__ == "__main__":
    unittest.main()
