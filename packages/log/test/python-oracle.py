"""Answers questions about Python's own behaviour: one JSON object a line in, one JSON value a line out."""
import fnmatch
import json
import logging
import re
import sys
import time

FORMATTER = logging.Formatter("%(asctime)s [%(host)s] %(message)s", "%H:%M:%S")
FORMATTER.converter = time.gmtime


def message(line):
    record = json.loads(line)
    args = record["args"]
    args = tuple(args)
    if len(args) == 1 and isinstance(args[0], dict) and args[0]:
        args = args[0]
    msg = str(record["msg"])
    try:
        return msg % args if args else msg
    except Exception:
        return None


def entry(line):
    fields = json.loads(line)
    try:
        args = tuple(fields.pop("args", ()))
        record = logging.LogRecord("", 20, None, None, fields.pop("msg", ""), args, None)
        record.__dict__.update(fields)
        return FORMATTER.format(record)
    except Exception:
        return None


def encoded(fields):
    record = logging.LogRecord("", 20, "", 0, fields["msg"], tuple(fields["args"]), None)
    return record.getMessage()


def answer(question):
    if question["ask"] == "entry":
        return entry(question["line"])
    if question["ask"] == "encoded":
        return encoded(json.loads(question["line"]))
    if question["ask"] == "message":
        return message(question["line"])
    if question["ask"] == "repr":
        return repr(json.loads(question["json"]))
    if question["ask"] == "glob":
        return re.compile(fnmatch.translate(question["glob"])).search(question["text"]) is not None
    if question["ask"] == "split":
        import shlex

        lexer = shlex.shlex(question["text"], posix=True)
        lexer.whitespace_split = True
        lexer.commenters = ""
        try:
            return list(lexer)
        except ValueError:
            return None
    try:
        return re.compile(question["pattern"]).search(question["text"]) is not None
    except re.error:
        return "error"


for line in sys.stdin:
    print(json.dumps(answer(json.loads(line))))
