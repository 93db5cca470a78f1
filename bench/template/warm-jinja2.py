"""Renders a template again and again in one process: requests and answers are JSON, one a line."""
import json
import sys
import time

import jinja2

environment = jinja2.Environment()
for line in sys.stdin:
    request = json.loads(line)
    template = environment.from_string(request["text"])
    variables = request["variables"]
    start = time.perf_counter()
    for _ in range(request["count"]):
        output = template.render(variables)
    elapsed = (time.perf_counter() - start) * 1000
    print(json.dumps({"ms": elapsed, "output": output}), flush=True)
