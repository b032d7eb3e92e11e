#!/usr/bin/env python3
"""The examples of config/sms: accepted by `citybridged --check`, and printed in the pages as they are tested."""
import os
import pathlib
import subprocess
import sys
import unittest

DAEMON, SOURCE = sys.argv[1], pathlib.Path(sys.argv[2])
PAGES = {"sms_smpp.md": ["smpp_centre"], "sms_http.md": ["kannel", "alibaba_cloud", "tencent_cloud"]}
SECRETS = {name: "0123456789abcdef0123" for name in
           ("KANNEL_PASSWORD", "SMS_REPORT_SECRET", "ALIBABA_KEY_ID", "ALIBABA_KEY_SECRET", "TENCENT_SECRET_ID",
            "TENCENT_SECRET_KEY", "SMPP_PASSWORD")}


class Examples(unittest.TestCase):
    def test_every_example_is_accepted(self):
        examples = sorted((SOURCE / "config" / "sms").glob("*.xml"))
        self.assertEqual(len(examples), 4)
        for example in examples:
            done = subprocess.run([DAEMON, "--check", "--config", example], env={**os.environ, **SECRETS},
                                  capture_output=True, text=True, timeout=60)
            self.assertEqual(done.returncode, 0, f"{example}: {done.stdout}{done.stderr}")
            without = {name: value for name, value in os.environ.items() if name not in SECRETS}
            self.assertEqual(subprocess.run([DAEMON, "--check", "--config", example], env=without, capture_output=True,
                                            timeout=60).returncode, 1, "secrets are asked for")

    def test_the_pages_print_the_examples(self):
        for page, names in PAGES.items():
            text = (SOURCE / "docs" / "plugins" / page).read_text(encoding="utf-8")
            for name in names:
                example = (SOURCE / "config" / "sms" / f"{name}.xml").read_text(encoding="utf-8")
                self.assertIn(f"```xml\n{example}```\n", text, name)


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
