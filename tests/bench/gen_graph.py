#!/usr/bin/env python3
"""A saved graph of any size and family: gen_graph.py FAMILY NODES OUT.json.

The families are what networks are made of, as one deep network each: what an
arrow may pass over on its way is what makes a layout easy or impossible.
"""
import json
import sys

SPEC = {"spec_type": "tensor", "shape": [1, 64, 56, 56],
        "dtype": "torch.float32"}


class Graph:
    def __init__(self):
        self.nodes, self.edges = {}, []

    def terminal(self, name):
        self.nodes[name] = {"node_type": name, "name": name, "path": [],
                            "n_parameters": 0, "perc_parameters": 0.0}

    def add(self, path, op, *sources):
        key = "n%d" % len(self.nodes)
        sources = sources or ["input"]
        self.nodes[key] = {
            "node_type": "op", "name": ".".join(path), "path": path, "op": op,
            "full_op": op, "const_args": [], "const_kwargs": {},
            "n_parameters": 64, "perc_parameters": 0.0}
        for source in sources:
            self.edges.append([source, key, source, SPEC])
        return key


def chain(g, n):
    x = g.add(["stem"], "Conv2d")
    while len(g.nodes) < n:
        x = g.add(["layers", str(len(g.nodes))], "Conv2d", x)


def residual(g, n):
    x = g.add(["stem"], "Conv2d")
    while len(g.nodes) < n:
        b = ["blocks", str(len(g.nodes))]
        y = g.add(b + ["conv1"], "Conv2d", x)
        y = g.add(b + ["conv2"], "Conv2d", y)
        x = g.add(b + ["add"], "add", y, x)


def dense(g, n, growth=16):
    x = g.add(["stem"], "Conv2d")
    block = 0
    while len(g.nodes) < n:
        features = [x]
        for layer in range(growth):
            path = ["block%d" % block, "layer%d" % layer]
            y = g.add(path + ["norm"], "BatchNorm2d", *features)
            features.append(g.add(path + ["conv"], "Conv2d", y))
        x = g.add(["block%d" % block, "transition"], "Conv2d", *features)
        block += 1


def unet(g, n):
    x = g.add(["stem"], "Conv2d")
    kept = []
    for i in range(n // 4):
        x = g.add(["down", str(i), "conv"], "Conv2d", x)
        kept.append(x)
        x = g.add(["down", str(i), "pool"], "MaxPool2d", x)
    for i in reversed(range(n // 4)):
        x = g.add(["up", str(i), "up"], "ConvTranspose2d", x)
        x = g.add(["up", str(i), "conv"], "Conv2d", x, kept[i])


def encoder_decoder(g, n):
    x = g.add(["source"], "Embedding")
    while len(g.nodes) < n // 2:
        b = ["encoder", str(len(g.nodes))]
        y = g.add(b + ["attention"], "MultiheadAttention", x)
        y = g.add(b + ["add1"], "add", y, x)
        z = g.add(b + ["mlp"], "Linear", y)
        x = g.add(b + ["add2"], "add", z, y)
    memory, x = x, g.add(["target"], "Embedding")
    while len(g.nodes) < n:
        b = ["decoder", str(len(g.nodes))]
        y = g.add(b + ["self"], "MultiheadAttention", x)
        y = g.add(b + ["add1"], "add", y, x)
        z = g.add(b + ["cross"], "MultiheadAttention", y, memory)
        z = g.add(b + ["add2"], "add", z, y)
        w = g.add(b + ["mlp"], "Linear", z)
        x = g.add(b + ["add3"], "add", w, z)


def transformer(g, n):
    x = g.add(["embedding"], "Embedding")
    while len(g.nodes) < n:
        b = ["layers", str(len(g.nodes))]
        qkv = [g.add(b + ["attention", w], "Linear", x)
               for w in ("q", "k", "v")]
        scores = g.add(b + ["attention", "matmul"], "matmul", *qkv[:2])
        scores = g.add(b + ["attention", "softmax"], "softmax", scores)
        y = g.add(b + ["attention", "apply"], "matmul", scores, qkv[2])
        y = g.add(b + ["norm1"], "add", y, x)
        z = g.add(b + ["mlp"], "Linear", y)
        x = g.add(b + ["norm2"], "add", z, y)


def inception(g, n):
    x = g.add(["stem"], "Conv2d")
    while len(g.nodes) < n:
        b = ["mixed%d" % len(g.nodes)]
        ends = []
        for branch in range(4):
            y = x
            for i in range(branch + 1):
                y = g.add(b + ["branch%d" % branch, "conv%d" % i], "Conv2d", y)
            ends.append(y)
        x = g.add(b + ["cat"], "cat", *ends)


def recurrent(g, n):
    h = g.add(["h0"], "zeros")
    x = g.add(["embedding"], "Embedding")
    while len(g.nodes) < n:
        t = ["cell%d" % len(g.nodes)]
        a = g.add(t + ["select"], "getitem", x)
        b = g.add(t + ["input"], "Linear", a)
        c = g.add(t + ["hidden"], "Linear", h)
        h = g.add(t + ["tanh"], "tanh", b, c)


def lstm(g, n):
    """Two states, and four gates of one matrix."""
    h, c = g.add(["h0"], "zeros"), g.add(["c0"], "zeros")
    x = g.add(["embedding"], "Embedding")
    while len(g.nodes) < n:
        t = ["cell%d" % len(g.nodes)]
        a = g.add(t + ["select"], "getitem", x)
        gates = g.add(t + ["gates"], "Linear", a, h)
        i, f, o = (g.add(t + [w], "sigmoid", gates) for w in "ifo")
        u = g.add(t + ["u"], "tanh", gates)
        kept = g.add(t + ["keep"], "mul", f, c)
        new = g.add(t + ["new"], "mul", i, u)
        c = g.add(t + ["add"], "add", kept, new)
        h = g.add(t + ["out"], "mul", o, g.add(t + ["squash"], "tanh", c))


def parallel(g, n, width=4):
    """Streams that exchange what they have, as in HRNet."""
    xs = [g.add(["stem%d" % i], "Conv2d") for i in range(width)]
    while len(g.nodes) < n:
        b = ["stage%d" % len(g.nodes)]
        ys = [g.add(b + ["branch%d" % i, "conv"], "Conv2d", x)
              for i, x in enumerate(xs)]
        xs = [g.add(b + ["fuse%d" % i], "add", *ys) for i in range(width)]
    g.add(["head"], "cat", *xs)


def experts(g, n, width=16):
    """A router, experts side by side, and a skip past all of them."""
    x = g.add(["embedding"], "Embedding")
    while len(g.nodes) < n:
        b = ["layers", str(len(g.nodes))]
        r = g.add(b + ["router"], "Linear", x)
        ends = [g.add(b + ["experts", str(i)], "Linear", x, r)
                for i in range(width)]
        y = g.add(b + ["sum"], "sum", *ends)
        x = g.add(b + ["add"], "add", y, x)


def nested(g, n, depth=5):
    """U-Nets in U-Nets, as U-Net++ has them."""
    x = g.add(["stem"], "Conv2d")
    while len(g.nodes) < n:
        b, grid = ["unet%d" % len(g.nodes)], {}
        for j in range(depth):
            for i in range(depth - j):
                takes = [grid[i, k] for k in range(j)]
                takes += [grid[i + 1, j - 1]] if j else []
                takes += [grid[i - 1, 0]] if not j and i else []
                grid[i, j] = g.add(b + ["x%d_%d" % (i, j)], "Conv2d",
                                   *(takes or [x]))
        x = grid[0, depth - 1]


def cells(g, n):
    """Cells that take the two before them, as architecture search has them."""
    a = x = g.add(["stem"], "Conv2d")
    while len(g.nodes) < n:
        b, seed = ["cell%d" % len(g.nodes)], len(g.nodes)
        states = [g.add(b + ["pre0"], "Conv2d", a),
                  g.add(b + ["pre1"], "Conv2d", x)]
        for i in range(4):
            ends = [g.add(b + ["op%d_%d" % (i, j)], "Conv2d",
                          states[(seed * 7 + i * 3 + j) % len(states)])
                    for j in range(2)]
            states.append(g.add(b + ["add%d" % i], "add", *ends))
        a, x = x, g.add(b + ["cat"], "cat", *states[2:])


def fan(g, n):
    """One tensor that everybody takes."""
    x = g.add(["stem"], "Conv2d")
    ends = [g.add(["head", str(i)], "Linear", x) for i in range(n - 2)]
    g.add(["cat"], "cat", *ends)


def flat(g, n):
    """One module without any below it, as an optimizer's step is."""
    x = g.add(["step", "0"], "mul")
    for i in range(1, n):
        x = g.add(["step", str(i)], "mul", x)


def deep(g, n):
    """Modules in modules, as deep as a file may nest them."""
    x, path = g.add(["stem"], "Conv2d"), []
    while len(g.nodes) < n:
        path = path + ["inner"] if len(path) < 500 else []
        x = g.add(path + ["op%d" % len(g.nodes)], "Linear", x)


FAMILIES = {f.__name__: f for f in (
    chain, residual, dense, unet, encoder_decoder, transformer, inception,
    recurrent, lstm, parallel, experts, nested, cells, fan, flat, deep)}


def main():
    family, nodes, out = sys.argv[1:]
    g = Graph()
    g.terminal("input")
    FAMILIES[family](g, int(nodes))
    last = list(g.nodes)[-1]
    g.terminal("output")
    g.edges.append([last, "output", last, SPEC])
    with open(out, "w", encoding="utf-8") as file:
        json.dump({"nodes": g.nodes, "edges": g.edges, "metadata": {
            "model": family, "nnviz_version": "0"}}, file)


if __name__ == "__main__":
    main()
