"""Renders templates with Python's Jinja2: one JSON request a line in, one JSON result a line out."""
import json
import resource
import sys

import jinja2

# Python has no limits of its own: a random template that computes a huge number must not fill the machine.
resource.setrlimit(resource.RLIMIT_AS, (2 << 30, 2 << 30))

UNDEFINED = {
    "default": jinja2.Undefined,
    "chainable": jinja2.ChainableUndefined,
    "strict": jinja2.StrictUndefined,
    "debug": jinja2.DebugUndefined,
}


def line_of(error):
    if isinstance(error, jinja2.TemplateSyntaxError):
        return error.lineno
    line = None
    traceback = error.__traceback__
    while traceback is not None:
        if traceback.tb_frame.f_code.co_filename == "<template>":
            line = traceback.tb_lineno
        traceback = traceback.tb_next
    return line


def render(request):
    options = dict(request.get("options", {}))
    options["undefined"] = UNDEFINED[options.pop("undefined", "default")]
    options["extensions"] = ["jinja2.ext." + name for name in options.pop("extensions", [])]
    templates = {"x": request["template"], **request.get("templates", {})}
    environment = jinja2.Environment(loader=jinja2.DictLoader(templates), **options)
    return environment.get_template("x").render(json.loads(request["variables"]))


print(json.dumps({"jinja2": jinja2.__version__}), flush=True)
for text in sys.stdin:
    try:
        result = {"output": render(json.loads(text))}
    except BaseException as error:
        result = {"kind": type(error).__name__, "line": line_of(error), "message": str(error)}
    sys.stdout.write(json.dumps(result) + "\n")
    sys.stdout.flush()
