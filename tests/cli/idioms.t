#!/bin/sh
# Ops that are one idea are one node: on recordings of real models, whose MACs and
# parameters stay what they were.
. "${0%/*}/../lib.sh"

cat >"$tmp/count.py" <<'E'
"""count.py PLAIN FOLDED: how many of each op are new in FOLDED, if sums agree."""
import collections, json, sys

def load(path):
    return json.load(open(path))["nodes"].values()

def total(nodes, key):
    return sum(node.get(key, 0) for node in nodes)

plain, folded = load(sys.argv[1]), load(sys.argv[2])
for key in "macs", "n_parameters":
    if total(plain, key) != total(folded, key):
        sys.exit("%s: %s, was %s" % (key, total(folded, key), total(plain, key)))
count = collections.Counter(node.get("op", "") for node in folded)
count.subtract(node.get("op", "") for node in plain)
print(" ".join("%s=%d" % item for item in sorted(count.items()) if item[1] > 0))
E

# finds INPUT "OP=COUNT ..." ARGUMENT...
finds() {
	input=$1 expected=$2
	shift 2
	"$NNVIZ" -q "$input" -d -1 "$@" --no-idioms -T json -o "$tmp/plain.json"
	"$NNVIZ" -q "$input" -d -1 "$@" --idioms -T json -o "$tmp/folded.json"
	is "$(python3 "$tmp/count.py" "$tmp/plain.json" "$tmp/folded.json" 2>&1)" \
	    "$expected" "idioms of ${input##*/} $*"
}

finds samples/transformer.pkl "attention=2 embedding=1 gelu=2 layer_norm=4 linear=2 matmul=7 split=2" \
    --level ops
finds samples/transformer.pkl ""
# the gradient of what was joined is taken apart
finds tests/traces/unet_train.pkl.gz "concat=2 split=2" --phase both
run "$NNVIZ" -q tests/traces/unet_train.pkl.gz --phase backward -T csv -o -
unlike "$out" '[gs]etitem' "nothing is left of its pieces"
is "$(printf '%s\n' "$out" | grep -c 'split,split,,"1×8×8×8, 1×8×8×8",')" 1 \
    "which both go on"
finds samples/resnet.pkl "batch_norm=20 conv=20 global_avg_pool=1 linear=1 pool=1 relu=17" \
    --level ops
if shared=$(shared_dir); then
	traces=$shared/traces
	finds "$traces/res2net50.pkl" "concat=48 split=16"
	finds "$traces/nonascii_branches.pkl" "concat=1 relu=2"
	finds "$traces/unet_train.pkl" "concat=2"
	finds "$traces/unet_train.pkl" \
	    "batch_norm=10 concat=2 conv=11 pool=2 relu=10" --level ops
	finds "$traces/gan.pkl" \
	    "batch_norm=1 binary_cross_entropy=3 leaky_relu=5 linear=9 sigmoid=3 tanh=1" \
	    --level ops
	finds "$traces/functional.pkl" "matmul=1 relu=1 softmax=1"
	finds "$traces/raw_stack.pkl" "batch_norm=1 conv=1 matmul=1 pool=1 relu=1"
	finds "$traces/recycled_train.pkl" "cross_entropy=1" --phase all
	finds "$traces/gru.pkl" "concat=2 linear=23 sigmoid=24 split=24 tanh=12" \
	    --level ops
	# Gradients use what is inside an idiom.
	finds "$traces/vgg11_train.pkl" \
	    "avg_pool=1 conv=8 cross_entropy=1 linear=3 pool=5 relu=10" \
	    --level ops --phase all
	finds "$traces/resnet_train.pkl" \
	    "batch_norm=20 conv=20 global_avg_pool=1 linear=1 pool=1 relu=17" \
	    --level ops --phase both
else
	skip "no shared directory" "idioms of real recordings"
fi

# Of these there is no recording: traces are made by tests/tools/ops.
while read -r name expected; do
	tests/tools/ops "$name" "$tmp/$name.pkl"
	finds "$tmp/$name.pkl" "$expected"
	"$NNVIZ" -q "$tmp/$name.pkl" -j -T dot -o "$tmp/$name.dot"
	finds "$tmp/$name.json" "$expected"
	"$NNVIZ" -q "$tmp/$name.pkl" -d -1 -T json -o "$tmp/$name.drawn.json"
	finds "$tmp/$name.drawn.json" "$expected"
done <<'ROWS'
dropout dropout=1
drop_path dropout=1
random_weights
attention attention=1
bmm bmm=1
silu silu=1
no_mse
mse_loss mse_loss=1
mse_power mse_loss=1
log_softmax log_softmax=1
softmax_log log_softmax=1
gelu gelu=1
gelu_half gelu=1
gelu_cdf gelu=1
gelu_tanh gelu=1
gelu_cube gelu=1
gelu_tanh_cdf gelu=1
ROWS

# A maximum of something and 0 is a relu where its kernel says that it is 0:
# "«o:0", or "[o:0]" in traces of older versions.
# zero KEY: how many relus if the constant's field is KEY
zero() {
	python3 - samples/simple_model.pkl "$1" "$tmp/zero.pkl" <<'E'
import pickle, sys
source, key, out = sys.argv[1:]
with open(source, "rb") as file:
    trace = pickle.load(file)
for kernel in trace["execute_op_info"].values():
    old = kernel["jit_key"]
    kernel["jit_key"] = old.replace("\u00abT:float32\u00abo:0", key)
with open(out, "wb") as file:
    pickle.dump(trace, file)
E
	"$NNVIZ" -q "$tmp/zero.pkl" --level ops -d -1 --idioms -T json -o - |
	    grep -c '"op":"relu"'
}
is "$(zero '«T:float32«o:0')" 1 "max(x, 0) is a relu"
is "$(zero '[T:float32][o:0]')" 1 "of older versions, too"
for key in '«T:float32' '«T:float32«o:1' '«T:float32«o:01' '«T:float32«p:0' \
    '«o:0' '' '«'; do
	is "$(zero "$key")" 0 "max(x, y) is none: $key"
done
finds samples/simple_model.pkl "linear=2 relu=1" --level ops
"$NNVIZ" -q samples/simple_model.pkl -j -T dot -o "$tmp/simple_model.dot"
finds "$tmp/simple_model.json" "linear=2 relu=1" --level ops
"$NNVIZ" -q samples/simple_model.pkl --level ops -d -1 -T json \
    -o "$tmp/drawn.json"
finds "$tmp/drawn.json" "linear=2 relu=1" --level ops

# Found where a drawing folds, and not where all of it is asked for.
# by_default TRACE OP EXPECTED ARGUMENT...
by_default() {
	input=tests/traces/$1.pkl.gz op=$2 expected=$3
	shift 3
	"$NNVIZ" -q "$input" "$@" -T json -o "$tmp/x.json"
	is "$(grep -c "\"op\":\"$op\"" "$tmp/x.json")" "$expected" \
	    "${input##*/} $* has $expected $op"
}

by_default unet_train concat 2
by_default unet_train setitem 0
by_default unet_train concat 2 -d 3
by_default unet_train concat 2 -d auto
by_default unet_train concat 2 --max-nodes 40
by_default unet_train concat 0 -d -1
by_default wide200 concat 1
by_default unet_train setitem 4 -d -1
by_default unet_train concat 2 -d -1 --idioms
by_default unet_train setitem 4 --no-idioms
by_default unet_train setitem 4 --level ops
by_default unet_train concat 2 --level ops --idioms
by_default unet_train concat 2 -d -1 -d 2

# Items of a list, and pieces that leave something, are no split of a tensor.
cat >"$tmp/split.py" <<'E'
"""split.py SOURCE PIECE...: a graph that gets pieces of a tensor, such as 2x3."""
import json, sys

def spec(text):
    return None if text == "?" else {
        "spec_type": "tensor", "dtype": "float32",
        "shape": [int(x) for x in text.split("x")]}

def node(kind, key, **more):
    return {"node_type": kind, "name": key, "path": [key], **more}

nodes, edges = {"in": node("input", "in")}, []
for i, piece in enumerate(sys.argv[2:]):
    key = "getitem_%d" % i
    nodes[key] = node("op", key, op="getitem")
    edges += [["in", key, "in", spec(sys.argv[1])],
              [key, "stack", key, spec(piece)]]
nodes["stack"] = node("op", "stack", op="stack")
nodes["out"] = node("output", "out")
edges += [["stack", "out", "stack", None]]
json.dump({"nodes": nodes, "edges": edges}, sys.stdout)
E

# splits EXPECTED SOURCE PIECE...
splits() {
	expected=$1
	shift
	python3 "$tmp/split.py" "$@" >"$tmp/split.json"
	run "$NNVIZ" -q "$tmp/split.json" -T json -o -
	is "$(printf '%s\n' "$out" | grep -c '"op":"split"')" "$expected" \
	    "pieces of $*: $expected split"
}

splits 1 2x6 2x2 2x2 2x2
splits 1 2x6 2x1 2x5
splits 1 6x2 2x2 2x2 2x2
splits 1 3x4x5 4x5 4x5 4x5
splits 1 2x6 2 2 2 2 2 2
splits 0 2x6 2x2 2x2
splits 0 2x6 2x4 2x4
splits 0 3x4x5 4x5 4x5
splits 0 2x6 2x6 2x6
splits 0 2x6 1x6 2x3
splits 0 2x6 6 2x3
splits 0 '?' 2x2 2x2
splits 0 2x4 2x2 '?'

# Frames of Python in place of modules: nothing has a name, and what is known of
# it all is how it was computed.
run "$NNVIZ" tests/traces/raw_stack.pkl.gz -T dot -o -
is "$(printf '%s\n' "$out" | grep -c '<B>Output</B>')" 1 \
    "running means without names are no outputs"
like "$out" '>52 constants, 2 statistics hidden<' "but told as hidden"
like "$out" '<B>pool</B><BR/><[^>]*>2×2, /2</FONT>' "pooling says its window"

# A person's own.
printf '# a block\nfold Conv > BatchNorm > relu as ConvBNReLU\n\nfold Conv > BatchNorm as ConvBN # rest\n' \
    >"$tmp/block.rules"
run "$NNVIZ" samples/resnet.pkl -d -1 --rules "$tmp/block.rules" -T dot -o -
is "$status" 0 "--rules is taken"
is "$(printf '%s\n' "$out" | grep -c '<B>ConvBNReLU</B>')" 9 \
    "a chain of three becomes one"
is "$(printf '%s\n' "$out" | grep -c '<B>ConvBN</B>')" 11 \
    "a later rule takes what is left"
like "$out" "3 layers" "and says what it holds"
printf 'fold Conf > relu as X\nfold relu > Conv > fc as Y\nfold BatchNorm > relu as NR\n' \
    >"$tmp/none.rules"
run "$NNVIZ" samples/resnet.pkl -d -1 --rules "$tmp/none.rules" -T dot -o -
is "$status" 0 "a rule that matches nothing is no failure"
like "$err" 'none.rules:1: nothing is of type "Conf": nearest .*"Conv"' \
    "but it is said, with what is near"
like "$err" 'none.rules:2: nothing is of type "fc"' "of each"
unlike "$err" 'none.rules:3' "that matches nothing"
is "$(printf '%s\n' "$out" | grep -c '<B>NR</B>')" 9 "others apply"
rm "$tmp/none.rules"
for rule in "fold Conv >" "fold Conv BatchNorm as X" "fold" "fold A as" \
    "join A > B as C" "fold A > B as C D"; do
	printf '\n%s\n' "$rule" >"$tmp/bad.rules"
	run "$NNVIZ" samples/resnet.pkl --rules "$tmp/bad.rules" -T dot -o -
	is "$status" 1 "no rule: $rule"
	like "$err" "bad.rules:2: expected" "it says where"
done
run "$NNVIZ" samples/resnet.pkl --rules "$tmp/none.rules" -T dot -o -
like "$err" "none.rules" "a missing file is named"

done_testing
