#!/bin/sh
# Which modules get a frame, and what it is called: one that holds nothing but
# another, or a single box, is merged into that, and both names are kept.
. "${0%/*}/../lib.sh"

dir=$(mktemp -d) || exit 1
trap 'rm -rf "$dir"' EXIT

# names: the titles of frames in $out, a line each.
names() {
	printf '%s\n' "$out" | sed -n 's/.*label=<<B>\([^<]*\)<.*/\1/p' |
	    grep -v -e put -e Linear -e act
}

# model FILE one|two: two layers in encoder.block, one in gate; with "two" there
# is a layer in encoder itself.
model() {
	python3 - "$1" "$2" <<'PY'
import json, sys
paths = [["encoder", "block", "fc1"], ["encoder", "block", "fc2"],
         ["gate", "act"]]
if sys.argv[2] == "two":
    paths.insert(2, ["encoder", "norm"])
spec = {"spec_type": "tensor", "shape": [1, 8], "dtype": "float32"}
names = [".".join(p) for p in paths]
nodes = {"input": {"node_type": "input", "name": "input", "path": []}}
for name, path in zip(names, paths):
    nodes[name] = {"node_type": "op", "name": name, "path": path,
                   "op": "Linear", "full_op": "Linear", "n_parameters": 10}
nodes["output"] = {"node_type": "output", "name": "output", "path": []}
way = ["input"] + names + ["output"]
json.dump({"nodes": nodes, "metadata": {},
           "edges": [[a, b, a, spec] for a, b in zip(way, way[1:])]},
          open(sys.argv[1], "w"))
PY
}

model "$dir/one.json" one
run "$NNVIZ" "$dir/one.json" -d -1 -T dot -o -
is "$status" 0 "modules in modules are drawn"
is "$(names)" "encoder ▸ block" "a container of one child is one frame with it"
like "$out" 'gate' "the module of a single box is told in the box"
run "$NNVIZ" "$dir/one.json" -d -1 -T csv -o -
is "$(printf '%s\n' "$out" | grep -c '^encoder\.block\.fc[12],')" 2 \
	"what is in it keeps its whole path"

model "$dir/two.json" two
run "$NNVIZ" "$dir/two.json" -d -1 -T dot -o -
is "$(names)" "encoder
block" "a container of two has a frame of its own"

run "$NNVIZ" samples/resnet.pkl -d -1 -T dot -o -
like "$(names)" "layer1" "stages of several blocks have one"
unlike "$(names)" "▸" "and nothing is merged in them"

done_testing
