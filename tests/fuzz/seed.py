#!/usr/bin/env python3
"""Write the first inputs of the fuzz targets: seed.py DIRECTORY.

What fuzzing finds is added beside them; these say what is covered at all.
"""
import collections
import copy
import hashlib
import json
import math
import os
import pickle
import random
import sys

STACK = {"name": "conv1", "type": "Conv", "file_path": "model.py", "lineno": 7}
TRACE = {
    "node_data": {
        1: {"id": 1, "inputs": [], "outputs": [2], "stacks": [],
            "attrs": {"is_var": "1", "name": "x", "shape": "[1,3,]",
                      "ndim": "2", "dtype": "float32", "dsize": "4"}},
        2: {"id": 2, "inputs": [1, 9], "outputs": [3], "stacks": [STACK],
            "attrs": {"is_var": "0", "name": "binary.add"}},
        3: {"id": 3, "inputs": [2], "outputs": [], "stacks": [STACK],
            "attrs": {"is_var": "1", "name": "", "shape": "[1,]",
                      "ndim": "1", "dtype": "float32", "dsize": "4"}},
    },
    "execute_op_info": {
        0: {"fused_ops": [2], "jit_key": "add", "file_path": "", "attrs": {}},
    },
}

GRAPH = {
    "nodes": {
        "x": {"node_type": "input", "name": "x", "path": ["x"]},
        "fc": {"node_type": "op", "name": "fc", "path": ["fc"],
               "op": "Linear", "full_op": "torch.nn.Linear",
               "const_args": [1, 0.5, math.inf], "const_kwargs": {"b": True},
               "n_parameters": 12, "perc_parameters": 1.0},
    },
    "edges": [["x", "fc", "x", {"spec_type": "tensor", "shape": [1, 3],
                                "dtype": "torch.float32"}],
              ["fc", "out", "fc", None]],
    "metadata": {"title": "m", "source": "", "nnviz_version": "1.0.0"},
}


def pickles():
    for protocol in range(6):
        yield f"trace-{protocol}", pickle.dumps(TRACE, protocol)
    kinds = [None, True, 0, 255, 65536, -1, 1 << 40, 1 << 200, 0.1, math.nan,
             "", "text", "naïve 网络 \N{SNOWMAN}", b"bytes", (), (1,), (1, 2),
             (1, 2, 3), (1, 2, 3, 4), [], [1, [2]], {}, {"a": {1: 2}}]
    for protocol in range(6):
        yield f"kinds-{protocol}", pickle.dumps(kinds, protocol)
    yield "sets", pickle.dumps([{1}, frozenset({2}), bytearray(b"x")], 5)
    yield "ordered", pickle.dumps(collections.OrderedDict(a=1), 2)
    shared = ["twice"]
    shared.append(shared)
    yield "cycle", pickle.dumps([shared, shared], 4)
    yield "refused", b"cos\nsystem\n(S'true'\ntR."
    yield "truncated", pickle.dumps(TRACE, 4)[:-9]
    yield "long-length", b"\x80\x04\x8d" + b"\xff" * 7 + b"\x7f."
    yield "memo", b"\x80\x02]r\xff\xff\xff\x00."
    saved = pickle.dumps({"w": [1.0]}, 4)
    yield "saved", saved + hashlib.sha1(saved).digest() + b"HCAJSLHD"


def texts():
    yield "graph", json.dumps(GRAPH)
    yield "indented", json.dumps(GRAPH, indent=1)
    yield "trace", json.dumps(TRACE)
    yield "numbers", "[0, -0, 1e5, 1E-7, 0.1, 123456789012345678901, 1e400]"
    yield "python", "[NaN, Infinity, -Infinity]"
    yield "escapes", r'"\"\\\/\b\f\n\r\t\u00e9\ud83d\ude00\ud800"'
    yield "mark", "\ufeff{}"
    yield "twice", '{"a": 1, "b": 2, "a": 3}'
    yield "deep", "[" * 40 + "]" * 40
    yield "comma", "[1,]"
    yield "words", '["naïve", "网络", "\N{SNOWMAN}", true, false, null]'


def graphs():
    yield "trace", pickle.dumps(TRACE, 4)
    yield "trace-text", json.dumps(TRACE)
    yield "graph", json.dumps(GRAPH)
    absent = {key: dict(node) for key, node in GRAPH["nodes"].items()}
    del absent["fc"]["node_type"]
    yield "untyped", json.dumps(dict(GRAPH, nodes=absent))
    called = copy.deepcopy(TRACE)
    nodes = called["node_data"]
    nodes[3]["attrs"]["name"] = "conv1.weight"
    for i in range(4, 8):
        nodes[i] = copy.deepcopy(nodes[2 + i % 2])
        nodes[i].update(id=i, inputs=[i - 1], outputs=[i + 1])
    nodes[7]["attrs"]["grad_op_id"] = "2"
    nodes[7]["stacks"].insert(0, dict(STACK, name="grad", type="Grad"))
    yield "calls", pickle.dumps(called, 4)
    yield "empty", pickle.dumps({"node_data": {}, "execute_op_info": {}})


def styles():
    yield "style", """fontname = Arial
default_node_color=gray
edge_thickness=2.0
show_title=false
color.Conv=#c0504d
theme=dark
"""
    yield "files", """theme=1
theme=2.style
direction=LR
\finclude = 2 # a comment
color.Conv = red
\f# include
page=#000000
include=3
\finclude=1
legend = true"""
    yield "wrong", "fontnam=x\nshow_title=perhaps\n=\nkey\n"


def traces():
    detours = {"usual": b"\x08\x10", "mixed": b"\x07\x0f",
               "odd": b"\x0a\x0b", "short": b"\0\0"}
    # Each byte is a choice: small ones are the usual, large ones the odd.
    for name, most, n in [("usual", 24, 700), ("mixed", 200, 700),
                          ("odd", 256, 500), ("short", 60, 40)]:
        chosen = random.Random(name)
        choices = bytes(chosen.randrange(most) for _ in range(n))
        # which cache is checked, which detours are taken
        yield name, choices[:1] + detours[name] + choices[1:]


def labels():
    yield "markup", "</svg><script>alert(1)</script> ]]> &#0; <B> & \"'`"
    yield "graphviz", "\\G \\N \\l \\\\ %n %s \n second"
    yield "terminal", "\x1b[31m\r\x07\x7f\x85\u2028\u202e\u2066"
    yield "bracket", "x[1]"
    yield "formula", "=HYPERLINK(\"x\"),1;\t@"
    yield "markdown", "| a | [x](y) `c` *b* _i_ # ! $m$ ~s~"
    yield "bad", b"\xff\xc0\x80\xed\xa0\x80\xf4\x90\x80\x80 \x00 \xe2\x82"
    yield "wide", "naïve 网络 \N{SNOWMAN} \U0001f600"


def options():
    yield "usual", "-d\n2\n-c\nlayer1.*\n-o\nx.svg\nmodel.pkl"
    yield "long", "--depth=-1\n--phase=all\n--level\nops\n-qj\n--\n-x"
    yield "joined", "-d-1\n-Sfontname=Arial\n--step=all\nm.json"
    yield "wrong", "--frobnicate"
    yield "near", "--dept=1\nx"
    yield "twice", "a\nb"
    yield "help", "-h"


def views():
    yield "collapse", "-d\n1\n-c\nlayer*\n-e\ntype:Bottleneck"
    yield "hide", ("-d-1\n--hide\ntype:*elu\n--highlight\nconv1\n"
                   "--merge=0.3\n--fold=2")
    yield "ops", ("--level=ops\n--idioms\n--no-plumbing\n--phase=all\n\n"
                  "fold reindex > binary.* as X # y\nfold a as b\n")
    yield "focus", "--from=conv1\n--to\n*fc*\n--keep\n--kernels\n--values"
    yield "layer", ("-l\nconv1\n--reuse=roll\n--max-nodes=9\n"
                    "--fold=similar")
    yield "around", ("--around=type:Conv\n--hops=1\n-d3\n\n"
                     "fold Conv > relu as ConvReLU")
    yield "phases", "--phase=both\n--step=1\n--around=[\n-dauto\n--hide=**"


NOTES = """nnviz-c 0.1.0
graphviz 2.42.0
text 87654321
graph 2
style 2
set direction=TB
model Net\tnet.json, 2 hidden ops
frame a\tBlock
node x\tInput
node a.c\tConv2d, 3\u00d73, 3\u219232, 8 parameters
node a.d\tReLU
node y\tOutput
edge 0 1\t3\u00d78\u00d78
edge 7 x\t?
more 1 2
"""


def pictures():
    yield "lines", NOTES
    yield "svg", ('<svg>\n<metadata class="nnviz-notes">\n' + NOTES +
                  "node &lt;&amp;&quot;&#93;\t&gt;&x;\n" +
                  "</metadata>\n</svg>\n")
    yield "ps", ("%!PS\n%nnviz-c notes\n% " +
                 NOTES.rstrip("\n").replace("\n", "\n% ") + "\n%%EOF\n")
    yield "pdf", ("%PDF-1.5\n%%EOF\n%nnviz-c notes\n1 0 obj\nstream\n" +
                  NOTES + "\nendstream\n%%EOF\n")
    text = b"iTXtnnviz-c notes" + bytes(5) + NOTES.encode()
    yield "png", (b"\x89PNG\r\n\x1a\n" +
                  (len(text) - 4).to_bytes(4, "big") + text + bytes(4) +
                  bytes(4) + b"IEND\xae\x42\x60\x82")


def main():
    targets = [("pickle", pickles()), ("json", texts()), ("graph", graphs()),
               ("style", styles()), ("trace", traces()), ("label", labels()),
               ("options", options()), ("view", views()),
               ("notes", pictures())]
    for kind, inputs in targets:
        folder = os.path.join(sys.argv[1], kind)
        os.makedirs(folder, exist_ok=True)
        for name, data in inputs:
            if isinstance(data, str):
                data = data.encode("utf-8", "surrogatepass")
            with open(os.path.join(folder, name), "wb") as out:
                out.write(data)


if __name__ == "__main__":
    main()
