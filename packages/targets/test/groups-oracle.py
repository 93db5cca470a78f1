"""Chooses hosts as the specification of host lists says, with Python's re and fractions; see the test beside it."""
import json
import re
import string
import sys
from fractions import Fraction


def hosts_of(text):
    lines = re.split("\r\n|\n|\r", text.removeprefix("\ufeff"))
    found = [match.group() for match in (re.match(r"[\w.\-]+", line) for line in lines) if match]
    return list(dict.fromkeys(found))


def members(start, end):
    letters = string.ascii_letters
    if len(start) == len(end) == 1 and start in letters and end in letters:
        names = letters[letters.index(start) : letters.index(end) + 1]
    else:
        width = len(start) if start.startswith("0") else 0
        if (width or end.startswith("0")) and width != len(end):
            raise ValueError("width")
        names = [str(number).zfill(width) for number in range(int(start), int(end) + 1)]
    if not names:
        raise ValueError("empty range")
    return list(names)


def pattern(text):
    """A test for host names; None for one that is refused."""
    if text in ("*", "all"):
        return lambda host: True
    if text.startswith("~"):
        return re.compile(text[1:]).match
    body = text.lstrip("!")
    source = ""
    for piece in re.findall(r"\[[^\]]+\]|[^\[]", body):
        found = re.fullmatch(r"\[([^\]:]*):([^\]:]*)\]", piece)
        if found:
            source += "(?:%s)" % "|".join(members(*found.groups()))
        else:
            source += piece if len(piece) > 1 else r"[\w.\-]*" if piece == "*" else re.escape(piece)
    whole = re.compile(source).fullmatch
    return whole if body == text else lambda host: not whole(host)


def limit_of(text, count):
    if text.endswith("%"):
        return int(Fraction(text[:-1].strip().replace("_", "")) * count / 100)
    return int(text)


def choose(options, files, limit, exclude, gone):
    names = [name.strip() for name in options.get("server_groups", "default").split(",")]
    listed, taken = [], set()
    matches = pattern(limit) if limit else None
    excluded = re.compile(exclude).match if exclude else lambda host: None
    for name in dict.fromkeys(names):
        source = options["dsh_targets" if name == "default" else name + "_dsh_targets"]
        text = next(directory[source] for directory in files if source in directory)
        hosts = [host for host in hosts_of(text) if host not in taken]
        taken.update(hosts)
        listed.append((name, hosts))
    if matches and not limit.startswith("!") and limit not in ("*", "all") and not any(map(matches, taken)):
        raise ValueError("no host")
    groups = []
    for name, hosts in listed:
        chosen = [host for host in hosts if (not matches or matches(host)) and not excluded(host)]
        if not chosen:
            continue
        own = lambda option, default: options.get("%s_%s" % (name, option), options.get(option, default))
        size = int(own("group_size", len(chosen)))
        left = [host for host in chosen if host not in gone]
        slices = [left[at : at + size] for at in range(0, len(left), size)]
        labels = [name if len(slices) == 1 else name + str(at + 1) for at in range(len(slices))]
        groups.append([name, chosen, size, limit_of(own("failure_limit", "0%"), len(chosen)), list(zip(labels, slices))])
    return groups


def answer(question):
    try:
        return choose(*question)
    except (ValueError, KeyError, StopIteration, re.error):
        return None


print(json.dumps([answer(question) for question in json.load(sys.stdin)]))
