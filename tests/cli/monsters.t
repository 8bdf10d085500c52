#!/bin/sh
# Traces and graphs that are valid, and mad: fields of every wrong type, cycles,
# ids from nowhere, more of anything than a network has. Always a drawing, or
# one line that says why not. NNVIZ_WHOLE=1 makes the largest larger.
. "${0%/*}/../lib.sh"

command -v python3 >/dev/null || skip_all "no python3"
cd "$tmp" || exit 1

cat >tries.py <<'E'
"""tries.py PROGRAM LIMIT: run() on what make gives; prints what went wrong."""
import os, subprocess, sys

class Tries:
    def __init__(self, program, *options):
        self.program, self.options = program, list(options)
        self.drawn = self.refused = 0
        self.wrong = []

    def run(self, name, data, suffix, *options):
        path = "monster." + suffix
        with open(path, "wb") as file:
            file.write(data)
        run = subprocess.run([self.program, "-q", path, "-o", "out.dot",
            *self.options, *options], capture_output=True, timeout=300,
            stdin=subprocess.DEVNULL)
        if run.returncode == 0:
            self.drawn += 1
            fine = run.stderr == b""
        else:
            self.refused += 1
            fine = (run.returncode == 1 and run.stderr.count(b"\n") == 1 and
                run.stderr.startswith(b"nnviz-c: ") and
                len(run.stderr) < 1000)
        if not fine or run.stdout:
            self.wrong.append((name, run.returncode, run.stderr[:300]))

    def end(self, drawn, refused):
        print(self.drawn, "drawn,", self.refused, "refused")
        for wrong in self.wrong[:20]:
            print(*wrong)
        sys.exit(bool(self.wrong) or self.drawn < drawn or
            self.refused < refused)
E

# Every field of a trace, and of a graph, as something else.
cat >fields.py <<'E'
import copy, json, pickle, sys
from tries import Tries

tries = Tries(sys.argv[1], "-d", "-1")
WRONG = [None, True, -1, 0, 2**31, 2**63 - 1, 2**64, 10**30, 1.5,
    float("nan"), float("inf"), "", "7", "[1,", b"\xff", (), [], {}, [[[[1]]]],
    {"a": {"b": [None]}}, [None], [""], [-1], [2**40], "x" * 5000]
JSON = [value for value in WRONG if not isinstance(value, (bytes, tuple))]

def places(value, path=()):
    """The paths of all that is in VALUE, one for each kind of place."""
    seen = set()
    def walk(value, path):
        items = (value.items() if isinstance(value, dict) else
            enumerate(value[:2]) if isinstance(value, (list, tuple)) else ())
        for n, (key, part) in enumerate(items):
            kind = tuple(k if isinstance(k, str) and not k.isdigit() and
                len(path) != 1 else "#" for k in (*path, key))
            if seen.__contains__((kind, n > 1)) or n > 60:
                continue
            seen.add((kind, n > 1))
            yield (*path, key)
            yield from walk(part, (*path, key))
    return walk(value, path)

def put(whole, path, value):
    whole = copy.deepcopy(whole)
    part = whole
    for key in path[:-1]:
        part = part[key]
    if not isinstance(part, (dict, list)):
        return None
    if value is put:
        del part[path[-1]]
    else:
        part[path[-1]] = value
    return whole

def sweep(whole, values, dump, suffix):
    n = 0
    for path in list(places(whole)):
        for value in (*values, put):
            changed = put(whole, path, value)
            if changed is not None:
                n += 1
                tries.run((path, value), dump(changed), suffix)
    return n

with open("small.pkl", "rb") as file:
    trace = pickle.load(file)
step = int(sys.argv[2])
n = sweep(trace, WRONG[::step], pickle.dumps, "pkl")
with open("small.json") as file:
    graph = json.load(file)
n += sweep(graph, JSON[::step], lambda g: json.dumps(g).encode(), "json")
print(n, "fields")
tries.end(20, 10)
E
gzip -dc "$top/tests/traces/functional.pkl.gz" >small.pkl
cp "$top/samples/nested_specs.json" small.json
step=3
[ -z "${NNVIZ_WHOLE:-}" ] || step=1
! sanitized || step=12
ok "every field of every wrong type" python3 fields.py "$NNVIZ" "$step"

# Shapes that no network has.
cat >shapes.py <<'E'
import json, pickle, random, sys
from tries import Tries

tries = Tries(sys.argv[1])
many = int(sys.argv[2])

def op(i, inputs, outputs, stack=(), **attrs):
    return {"id": i, "inputs": inputs, "outputs": outputs,
        "stacks": list(stack), "attrs": {"is_var": "0", "name": "binary.add",
            **attrs}}

def var(i, inputs, outputs=(), **attrs):
    return {"id": i, "inputs": inputs, "outputs": list(outputs), "stacks": [],
        "attrs": {"is_var": "1", "name": "", "shape": "[2,]", "ndim": "1",
            "dtype": "float32", "dsize": "4", **attrs}}

def level(name):
    return {"name": name, "type": "M", "file_path": "/a.py", "lineno": 1}

def trace(name, nodes, *options, info=None):
    tries.run(name, pickle.dumps({"node_data": nodes,
        "execute_op_info": info or {}}), "pkl", *options)

def graph(name, nodes, edges, *options):
    tries.run(name, json.dumps({"nodes": nodes, "edges": edges}).encode(),
        "json", *options)

def node(*path):
    return {"node_type": "op", "name": path[-1], "path": list(path),
        "op": "Op", "full_op": "Op"}

chance = random.Random(1)
# random graphs: cycles, dangling ids, ids that repeat, ids without measure
for i in range(60):
    ids = [chance.choice([k, k, k, -k, 10**k, 2**63 - 1 - k, 2**64 + k])
        for k in range(1, chance.randrange(3, 40))]
    nodes = {}
    for k in ids:
        links = [[chance.choice(ids + [999, -5]) for _ in
            range(chance.randrange(4))] for _ in range(2)]
        stack = [level("m%d" % chance.randrange(4))
            for _ in range(chance.randrange(5))]
        nodes[k] = (op(k, *links, stack) if chance.random() < .5
            else var(k, *links))
    trace("random %d" % i, nodes, "--level", chance.choice(["ops", "layers"]),
        "-d", "-1", "--keep", "--phase", "all")
    names = ["n%d" % k for k in range(9)]
    graph("random %d" % i, {n: node(*(chance.choice(names) for _ in
        range(chance.randrange(1, 5)))) for n in names[:chance.randrange(1, 9)]},
        [[chance.choice(names), chance.choice(names), "t", None]
            for _ in range(chance.randrange(30))], "-d", "-1", "--keep")
trace("itself", {1: op(1, [1], [1]), 2: var(2, [2], [2])})
trace("a circle", {i: op(i, [(i + 1) % 999], [(i - 1) % 999])
    for i in range(999)})
trace("no ops", {i: var(i, []) for i in range(999)})
trace("all to all", {i: op(i, list(range(300)), list(range(300)))
    for i in range(300)}, "--limit", "nodes=9")
# deep
for depth in (500, 10000):
    stack = [level("m%d" % i) for i in range(depth)]
    trace("a stack", {2: op(2, [1], [3], stack), 1: var(1, []),
        3: var(3, [2])}, "-d", "-1")
    graph("a path", {"a": node(*("m%d" % i for i in range(depth)))}, [],
        "-d", "-1", "--keep")
    tries.run("nested", b"[" * depth + b"]" * depth, "json")
trace("a chain", {**{2 * i: var(2 * i, [2 * i - 1]) for i in range(10000)},
    **{2 * i + 1: op(2 * i + 1, [2 * i], [2 * i + 2], [level("m%d" % i)])
        for i in range(10000)}}, "--fold", "none", "-d", "-1")
# wide
graph("siblings", {"n%d" % i: node("n%d" % i) for i in range(many)},
    [["n0", "n%d" % i, "n0", None] for i in range(1, many)], "--keep")
stack = level("m")
trace("siblings", {i: op(i, [0], [], [{**stack, "name": "m%d" % i}])
    for i in range(1, many // 10)} | {0: var(0, [])}, "--keep")
# long
for size in (10**6, 100 * many):
    long = "x" * size
    for limit in ((), ("--limit", "label=200M")):
        graph("a name", {"a": node(long, long), long: node("b")},
            [["a", long, long, None]], "--keep", "-d", "-1", *limit)
        trace("a name", {2: op(2, [1], [3], [level(long)], name=long),
            1: var(1, [], name=long, dtype=long, shape=long),
            3: var(3, [2])}, *limit)
tries.end(100, 2)
E
many=50000
[ -z "${NNVIZ_WHOLE:-}" ] || many=1000000
! sanitized || many=2000
ok "cycles, crowds of $many, depths, names of $((many / 10)) kB" \
    python3 shapes.py "$NNVIZ" "$many"

done_testing
