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
finds samples/resnet.pkl "batch_norm=20 conv=20 global_avg_pool=1 linear=1 relu=17" \
    --level ops
if shared=$(shared_dir); then
	traces=$shared/traces
	finds "$traces/res2net50.pkl" "concat=48 split=16"
	finds "$traces/nonascii_branches.pkl" "concat=1 relu=2"
	finds "$traces/unet_train.pkl" "concat=2"
	finds "$traces/unet_train.pkl" \
	    "batch_norm=10 concat=2 conv=11 relu=10" --level ops
	finds "$traces/gan.pkl" \
	    "batch_norm=1 binary_cross_entropy=3 leaky_relu=5 linear=9 sigmoid=3 tanh=1" \
	    --level ops
	finds "$traces/functional.pkl" "matmul=1 softmax=1"
	finds "$traces/raw_stack.pkl" "batch_norm=1 conv=1 matmul=1 relu=1"
	finds "$traces/recycled_train.pkl" "cross_entropy=1" --phase all
else
	skip "no shared directory" "idioms of real recordings"
fi

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
