#!/usr/bin/env python3
"""A Jittor trace of any size: gen_trace.py NODES OUT.pkl [--json OUT.json]
[--train] [--protocol N].

A residual network as deep as it takes, laid out as Jittor's dumper does it:
the same fields in the same order, every string a fresh object (Python shares
only those of one character, so only these become references in the pickle),
and the tables in the order of the C++ hash maps they are copied from.
"""
import argparse
import gc
import json
import pickle
from collections import deque

# Bucket counts of libstdc++'s unordered_map as it grows.
BUCKETS = [1, 13, 29, 59, 127, 257, 541, 1109, 2357, 5087, 10273, 20753, 42043,
           85229, 172933, 351061, 712697, 1447153, 2938679, 5967347]

SITE = "/home/user/miniconda3/envs/jt/lib/python3.8/site-packages/jittor/nn.py"
MODEL = "/home/user/models/resnet.py"
CACHE = ("/home/user/.cache/jittor/jt1.3.8/g++9.4.0/py3.8.10/Linux-5.4.0-1x40/"
         "IntelRXeonRGolx7a/default/cu11.2.152_sm_75/jit/")

CONV_KEY = ("«opkey0:reindex«Tx:float32«XDIM=4«YDIM=7«OVERFLOW:itof(0x0)"
            "«INDEX0:xid0«INDEX1:xid2«INDEX2:xid3*1+xid5*1-%d+xid%d"
            "«opkey1:broadcast_to«Tx:float32«DIM=7«BCAST=19"
            "«opkey2:binary«Tx:float32«Ty:float32«Tz:float32«OP:multiply"
            "«opkey3:reduce«Tx:float32«Ty:float32«Tz:float32«OP:add«DIM=7"
            "«REDUCE=64«JIT:1«JIT_cpu:1«graph:«var_info::0011")
NORM_KEY = ("«opkey0:broadcast_to«Tx:float32«DIM=4«BCAST=d"
            "«opkey1:binary«OP:multiply«opkey2:unary«OP:relu%d")
ADD_KEY = "«Tx:float32«Ty:float32«Tz:float32«OP:add«JIT:1"


def fresh(text):
    """An equal string that is another object."""
    return text.encode().decode() if len(text) > 1 else text


def hash_map_order(n):
    """The order in which unordered_map gives back the keys 0 to n-1: newest
    first, turned round at every growth."""
    order, size = deque(), 0
    for i in range(n):
        if i + 1 > BUCKETS[size]:
            while i + 1 > BUCKETS[size]:
                size += 1
            order.reverse()
        order.appendleft(i)
    return list(order)


class Trace:
    """The two tables of a dump, and how each kind of record is made."""

    def __init__(self):
        self.nodes = []
        self.execs = []

    def add(self, frames, attrs, inputs):
        number = len(self.nodes)
        stacks = [{fresh("name"): fresh(name), fresh("type"): fresh(kind),
                   fresh("file_path"): fresh(path), fresh("lineno"): line}
                  for name, kind, path, line in frames]
        attrs["__id"] = str(number * 3 + 17)
        self.nodes.append({
            fresh("id"): number, fresh("inputs"): list(inputs),
            fresh("outputs"): [], fresh("stacks"): stacks,
            fresh("attrs"): {fresh(k): fresh(v) for k, v in attrs.items()}})
        for i in inputs:
            self.nodes[i]["outputs"].append(number)
        return number

    def var(self, frames, shape, inputs=(), name="", grad=None):
        text = "[" + "".join("%d," % n for n in shape) + "]"
        attrs = {"dtype": "float32", "ndim": str(len(shape)), "shape": text,
                 "dsize": "4", "is_var": "1", "name": name}
        if grad is not None:
            attrs["grad_op_id"] = str(grad)
        return self.add(frames, attrs, inputs)

    def op(self, frames, name, inputs, shape, grad=None):
        """An op and the var that it gives; their numbers."""
        attrs = {"is_var": "0", "name": name}
        if grad is not None:
            attrs["grad_op_id"] = str(grad)
        op = self.add(frames, attrs, inputs)
        return op, self.var(frames, shape, [op], grad=grad)

    def execute(self, ops, key):
        name = "".join(c if c.isalnum() and c.isascii() else "_" for c in key)
        self.execs.append({
            fresh("fused_ops"): list(ops), fresh("jit_key"): fresh(key),
            fresh("file_path"): fresh("%s%s_hash_%x_op.cc" % (
                CACHE, name[:90], len(self.execs) * 2654435761 % 2**32)),
            fresh("attrs"): {}})

    def dump(self):
        return {
            fresh("node_data"): {
                i: self.nodes[i] for i in hash_map_order(len(self.nodes))},
            fresh("execute_op_info"): {
                i: self.execs[i] for i in hash_map_order(len(self.execs))}}


def convolution(trace, frames, layer, block, shape, x):
    n, c, h, w = shape
    wide = (n, c, c, h, w, 3, 3)
    path = "layer%d.%d.%s" % (layer, block, frames[-1][0])
    weight = trace.var(frames, (c, c, 3, 3), name=path + ".weight")
    op1, windows = trace.op(frames, "reindex", [x], wide)
    op2, weights = trace.op(frames, "broadcast_to", [weight], wide)
    op3, product = trace.op(frames, "binary.multiply", [windows, weights], wide)
    op4, result = trace.op(frames, "reduce.add", [product], shape)
    trace.execute([op1, op2, op3, op4], CONV_KEY % (layer, block))
    return result, weight


def normalisation(trace, frames, relu_frames, layer, block, shape, x):
    path = "layer%d.%d.%s" % (layer, block, frames[-1][0])
    gain = trace.var(frames, (shape[1],), name=path + ".weight")
    op1, gains = trace.op(frames, "broadcast_to", [gain], shape)
    op2, scaled = trace.op(frames, "binary.multiply", [x, gains], shape)
    op3, result = trace.op(relu_frames, "unary.float32", [scaled], shape)
    trace.execute([op1, op2, op3], NORM_KEY % layer)
    return result


def residual_block(trace, number, x, train):
    layer, block = number % 4 + 1, number // 4
    channels, size = 32 << layer, 112 >> layer
    shape = (64, channels, size, size)
    frames = [("model", "ResNet", MODEL, 212),
              ("layer%d" % layer, "Sequential", MODEL, 230 + layer),
              (str(block), "BasicBlock", SITE, 1510)]
    skip = x
    for i in (1, 2):
        x, weight = convolution(
            trace, frames + [("conv%d" % i, "Conv", MODEL, 97 + i)],
            layer, block, shape, x)
        x = normalisation(
            trace, frames + [("bn%d" % i, "BatchNorm", MODEL, 103 + i)],
            frames + [("relu", "Relu", MODEL, 110)], layer, block, shape, x)
    add, x = trace.op(frames, "binary.add", [x, skip], shape)
    trace.execute([add], ADD_KEY)
    if train:
        backward = [("grad", "Grad", "", 0)] + frames
        for _ in range(3):
            trace.op(backward, "binary.multiply", [x, weight], shape, add)
    return x


def build(n, train=False):
    """A trace of at least n nodes: it ends with a whole block."""
    trace = Trace()
    outside = [("/home/user/train.py:31", "", "/home/user/train.py", 31)]
    x = trace.var(outside, (64, 3, 224, 224))
    blocks = 0
    while len(trace.nodes) < n:
        x = residual_block(trace, blocks, x, train)
        blocks += 1
    return trace.dump()


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("nodes", type=int)
    parser.add_argument("out")
    parser.add_argument("--protocol", type=int, default=4)
    parser.add_argument("--train", action="store_true")
    parser.add_argument("--json", metavar="OUT")
    args = parser.parse_args()

    gc.disable()
    data = build(args.nodes, args.train)
    with open(args.out, "wb") as out:
        pickle.dump(data, out, protocol=args.protocol)
    if args.json:
        with open(args.json, "w", encoding="utf-8") as out:
            json.dump(data, out, ensure_ascii=False)


if __name__ == "__main__":
    main()
