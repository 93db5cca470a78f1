"""Filters and shows logs as the specification of deploy-log says, with Python's own parts; see the test beside it."""
import fnmatch
import json
import operator
import os
import re
import shlex
import sys
import time

LEVELS = {"CRITICAL": 50, "ERROR": 40, "WARNING": 30, "INFO": 20, "DEBUG": 10}
LEVEL_NAMES = {**{number: name for name, number in LEVELS.items()}, 0: "NOTSET"}
ORDER = {">": operator.gt, ">=": operator.ge, "<": operator.lt, "<=": operator.le}
DERIVED = {"levelname", "pathname", "module", "process", "processName", "thread", "threadName", "stack_info", "exc_info"}
CONTROLS = "".join(map(chr, range(33))) + "\x7f"


def criteria(expression):
    lexer = shlex.shlex(expression, posix=True)
    lexer.whitespace_split = True
    lexer.commenters = ""
    words = list(lexer)
    found = []
    for attribute, sign, word in zip(*[iter(words)] * 3, strict=True):
        if sign not in ("=", "==", "!=", "~", "!~", *ORDER):
            raise ValueError(sign)
        value = LEVELS.get(word, word) if attribute == "levelno" else word
        if isinstance(value, str) and re.fullmatch("[0-9]+", value):
            value = int(value)
        if sign in ("~", "!~"):
            re.compile(str(value))
        found.append((attribute, sign, value, word))
    return found


def meets(sign, value, word, actual):
    if sign in ORDER:
        return orders(ORDER[sign], value, actual)
    wanted = not sign.startswith("!")
    if sign not in ("~", "!~") and isinstance(value, int) and isinstance(actual, (int, float)):
        return (actual == value) == wanted
    if isinstance(actual, bool) or not isinstance(actual, (str, int, float)):
        return False
    text = actual if isinstance(actual, str) else repr(actual)
    if sign in ("~", "!~"):
        return bool(re.search(str(value) if word in LEVELS else word, text)) == wanted
    if isinstance(value, int):
        return (text == word) == wanted
    return bool(re.compile(fnmatch.translate(value)).search(text)) == wanted


def orders(compare, value, actual):
    if isinstance(actual, (int, float)):
        if isinstance(value, str) and not re.fullmatch(r"[+-]?(\d+\.?\d*|\.\d+)", value):
            return False
        return compare(actual, value if isinstance(value, int) else float(value))
    return isinstance(actual, str) and isinstance(value, str) and compare(actual, value)


def attributes(record):
    level = record["levelno"]
    known = isinstance(level, (int, float)) and LEVEL_NAMES.get(level)
    name = record["filename"]
    base = os.path.splitext(os.path.basename(name))[0] if isinstance(name, str) else "Unknown module"
    return {**record, "levelname": known or "Level %s" % (level,), "pathname": name, "module": base}


def entry(record, args):
    if isinstance(args, list):
        args = args[0] if len(args) == 1 and isinstance(args[0], dict) and args[0] else tuple(args)
    message = str(record["msg"]) % args if args else str(record["msg"])
    clock = time.strftime("%H:%M:%S", time.gmtime(record["created"]))
    text = "%s [%s] %s" % (clock, record.get("host", "-"), message)
    if record.get("exc_text"):
        text += ("" if text.endswith("\n") else "\n") + str(record["exc_text"])
    return text + "\n"


def decoded(line):
    try:
        record = json.loads(line.lstrip(CONTROLS))
    except ValueError:
        return None
    if not isinstance(record, dict) or not isinstance(record.get("args", []), (list, dict, str)):
        return None
    kept = {key: value for key, value in record.items() if key not in DERIVED}
    args = kept.get("args", [])
    defaults = {"name": "", "msg": "", "levelno": 20, "filename": None, "lineno": None, "funcName": None}
    return {**defaults, **kept, "args": list(args) if isinstance(args, str) else args}


def shown(text, expression, verbose):
    """What is printed; "usage" for an expression that is refused, null where the specification leaves the text open."""
    try:
        tests = criteria(expression)
    except (ValueError, re.error):
        return "usage"
    if all(attribute != "levelno" for attribute, *_ in tests):
        tests.append(("levelno", ">=", 10 if verbose else 20, ""))
    entries = []
    for record in filter(None, map(decoded, re.split("[\n\r]", text))):
        values = attributes(record)
        if all(name in values and meets(*test, values[name]) for name, *test in tests):
            try:
                entries.append(entry(record, record["args"]))
            except Exception:
                return None
    return ["".join(entries)]


print(json.dumps([shown(*question) for question in json.load(sys.stdin)]))
