#!/usr/bin/env python3
"""Installs the locked npm packages into the build folder and runs interop.js there."""
import pathlib
import shutil
import subprocess
import sys

HERE = pathlib.Path(__file__).parent


def install(folder):
    """Once per lock file: a build folder may be tested many times."""
    lock = (HERE / "package-lock.json").read_bytes()
    installed = folder / "installed-lock.json"
    if installed.exists() and installed.read_bytes() == lock:
        return
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    for name in ("package.json", "package-lock.json"):
        shutil.copy(HERE / name, folder / name)
    npm = shutil.which("npm")
    if npm is None:
        sys.exit("npm is not installed; this test needs node and npm (apt-get install nodejs npm)")
    try:
        done = subprocess.run([npm, "install", "--no-audit", "--no-fund", "--ignore-scripts"], cwd=folder, text=True,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=200)
    except subprocess.TimeoutExpired:
        sys.exit("npm did not finish installing the package standardwebhooks in 200 s; is its registry reachable?")
    if done.returncode != 0:
        sys.exit("npm could not install the package standardwebhooks, so nothing was tested; it says:\n" + done.stdout)
    installed.write_bytes(lock)


def main(tool, folder):
    folder = pathlib.Path(folder)
    install(folder)
    shutil.copy(HERE / "interop.js", folder / "interop.js")
    return subprocess.run(["node", "interop.js", tool], cwd=folder).returncode


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:3]))
