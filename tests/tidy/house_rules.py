#!/usr/bin/env python3
"""The rules of the house that a compiler does not know. Prints file:line: what
is wrong, and exits 1 if anything is."""
import os
import re
import subprocess
import sys

MAX_FUNCTION_LINES = 70
MAX_FILE_LINES = 400
PURE_ROOMS = ("core/calls/", "core/desk/", "core/relay/", "core/reports/")
IMPURE = re.compile(
    r'#include\s+[<"](thread|mutex|condition_variable|future|sys/socket\.h|netinet/|sys/epoll\.h|Poco/|soci/|sqlite3|libpq)'
    r"|(system|steady|high_resolution)_clock::now|\bsystem_now\s*\(|\bgettimeofday\b|\btime\s*\(\s*(0|NULL|nullptr)\s*\)"
)
HTTP_SERVER = re.compile(r"#include\s+<Poco/Net/HTTP(Server|Request|Response|Header|Message)")
UNFINISHED = re.compile(r"\b(TODO|FIXME|XXX|HACK)\b")
INCLUDE = re.compile(r'#include\s+"([^"]+)"')
CODE = re.compile(r'"([a-z][a-z0-9_]*\.[a-z][a-z0-9_]*)"')
# Words with a dot that are no error codes: event types and field names.
EVENT_WORDS = re.compile(r"^(contact|offer|agent|order|callback|verification|command|pbx|session)\.(started|changed|offered|answered|"
                         r"transferred|merged|ended|shown|details|revoked|state|result|link|opened|noted|overdue|escalated|told|closed|assigned|contacted|progress|handled|rejected)$")
ROOT_OF_CODES = ("core/", "adapters/", "plugins/", "tools/")


def without_comments_and_strings(text):
    """Same length and lines, so that places stay right."""
    def blank(match):
        return re.sub(r"[^\n]", " ", match.group(0))
    return re.sub(r'//[^\n]*|/\*.*?\*/|R"\w*\(.*?\)\w*"|"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])+\'', blank, text, flags=re.S)


def functions(text):
    """(first line, lines) of every outermost brace block that is no namespace or type."""
    code = without_comments_and_strings(text)
    scopes, start, last_end = [], None, 0
    for at, char in enumerate(code):
        if char == ";" and not (scopes and scopes[-1] == "body"):
            last_end = at
        if char == "{":
            head = code[last_end:at]
            takes_arguments = re.search(r"[)\]]\s*(const|noexcept|override|mutable|->[^{]*|:[^:].*)*\s*$", head, re.S)
            names_scope = re.search(r"\b(namespace|class|struct|union|enum)\b", head)
            # What neither takes arguments nor names a scope is a list of values: a table may be long.
            kind = "body" if takes_arguments and not names_scope else "outer"
            if kind == "body" and "body" not in scopes:
                start = at
            scopes.append(kind)
            last_end = at
        elif char == "}":
            kind = scopes.pop() if scopes else "outer"
            if kind == "body" and "body" not in scopes:
                first = code.count("\n", 0, start) + 1
                yield first, code.count("\n", start, at) + 1
            last_end = at


def room_of(path):
    parts = path.split("/")
    return "/".join(parts[:2]) if parts[0] in ("adapters", "plugins") and len(parts) > 2 else None


def check_file(path, text):
    """Problems of one source file as (line, message)."""
    for number, line in enumerate(text.split("\n"), 1):
        include = INCLUDE.search(line)
        room = room_of(path)
        if include and room and not include.group(1).startswith(("core/api/", room + "/")):
            yield number, f"{room} may include core/api and itself, not {include.group(1)}"
        if path.startswith(PURE_ROOMS) and IMPURE.search(line):
            yield number, "this room is pure: no socket, thread, clock or database"
        if path.startswith("core/gateway/") and HTTP_SERVER.search(line) and not path.endswith("http_codec.cpp"):
            yield number, "the HTTP library appears in core/gateway/http_codec.cpp only"
        if UNFINISHED.search(line):
            yield number, "reads as unfinished"
    lines = text.count("\n")
    if lines > MAX_FILE_LINES:
        yield 1, f"{lines} lines; one purpose needs at most {MAX_FILE_LINES}"
    for first, size in functions(text):
        if size > MAX_FUNCTION_LINES:
            yield first, f"a function of {size} lines; at most {MAX_FUNCTION_LINES}"


def check_codes(sources, explained):
    for path, text in sources.items():
        if not path.startswith(ROOT_OF_CODES) or not path.endswith((".cpp", ".h")):
            continue
        for number, line in enumerate(text.split("\n"), 1):
            if line.lstrip().startswith(("//", "#include")):
                continue
            for code in CODE.findall(line):
                if code not in explained and not EVENT_WORDS.match(code) and not code.endswith((".so", ".db", ".xml", ".jsonl", ".json", ".ts", ".ami", ".xz", ".md", ".v1")):
                    yield path, number, f'"{code}" has no explanation in docs/errors.md'


def check_rooms(files):
    for path in files:
        room = room_of(path)
        if room and f"{room}/README.md" not in files:
            yield f"{room}/README.md", 1, "every adapter and plugin has a README.md"


def main(root):
    listed = subprocess.run(["git", "-C", root, "ls-files", "--cached", "--others", "--exclude-standard"],
                            capture_output=True, text=True, check=True).stdout.split()
    files = {path for path in listed if os.path.exists(os.path.join(root, path))}
    sources = {}
    for path in sorted(files):
        if path.endswith((".cpp", ".h", ".py")) and not path.startswith("tests/tidy/"):
            with open(os.path.join(root, path), encoding="utf-8") as file:
                sources[path] = file.read()
    with open(os.path.join(root, "docs/errors.md"), encoding="utf-8") as file:
        explained = set(re.findall(r"`([a-z][a-z0-9_]*\.[a-z][a-z0-9_]*)`", file.read()))
    problems = [(path, line, message) for path, text in sources.items() for line, message in check_file(path, text)]
    problems += check_codes(sources, explained)
    problems += sorted(set(check_rooms(files)))
    for path, line, message in problems:
        print(f"{path}:{line}: {message}")
    print(f"{len(sources)} files, {len(problems)} problems")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
