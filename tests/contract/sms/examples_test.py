#!/usr/bin/env python3
"""The examples of config/sms: accepted by `citybridged --check`, and printed in the pages as they are tested."""
import os
import pathlib
import re
import subprocess
import sys
import tempfile
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

    def test_what_the_pages_of_mail_and_verification_say_to_write_is_accepted(self):
        pages = {"docs/plugins/email.md": r"(?m)^        (<desk email.*?^        </plugin>)",
                 "docs/verification.md": r"(?m)^(<desk sms.*?^</plugin>)"}
        centre = (SOURCE / "config" / "sms" / "smpp_centre.xml").read_text(encoding="utf-8")
        carriers = {"docs/verification.md": re.search(r"<plugin .*</plugin>", centre, re.S).group(0)}
        for page, pattern in pages.items():
            entry = re.search(pattern, (SOURCE / page).read_text(encoding="utf-8"), re.S).group(1)
            with tempfile.TemporaryDirectory() as folder:
                for secret in re.findall(r"\$\{file:([^}]+)\}", entry):
                    (pathlib.Path(folder) / secret).write_text("0123456789abcdef" * 4 + "\n")
                config = pathlib.Path(folder) / "node.xml"
                config.write_text(f'<citybridge city="beijing">{entry}{carriers.get(page, "")}</citybridge>',
                                  encoding="utf-8")
                done = subprocess.run([DAEMON, "--check", "--config", config], env={**os.environ, **SECRETS},
                                      capture_output=True, text=True, timeout=60)
                self.assertEqual(done.returncode, 0, f"{page}: {done.stdout}{done.stderr}")

    def test_the_pages_print_the_examples(self):
        for page, names in PAGES.items():
            text = (SOURCE / "docs" / "plugins" / page).read_text(encoding="utf-8")
            for name in names:
                example = (SOURCE / "config" / "sms" / f"{name}.xml").read_text(encoding="utf-8")
                self.assertIn(f"```xml\n{example}```\n", text, name)


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
