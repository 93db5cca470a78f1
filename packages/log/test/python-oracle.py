"""Answers questions about Python's own behaviour: one JSON object a line in, one JSON value a line out."""
import fnmatch
import json
import re
import sys


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


def answer(question):
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
