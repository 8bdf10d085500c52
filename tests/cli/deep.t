#!/bin/sh
# Modules nested deeper than anybody nests them, and ids far apart.
. "${0%/*}/../lib.sh"

dir=$(mktemp -d) || exit 1
trap 'rm -rf "$dir"' EXIT

python3 - "$dir/deep.pkl" <<'PY'
import pickle, sys

def node(inputs, stack, attrs):
    return {"inputs": inputs, "outputs": [], "stacks": stack, "attrs": attrs}

def var(inputs):
    return node(inputs, [], {"is_var": "1", "name": "", "shape": "[2,]",
                             "dtype": "float32", "dsize": "4"})

stack = [{"name": "m%d" % k, "type": "M", "file_path": "/a.py", "lineno": k}
         for k in range(800)]
op = {"is_var": "0", "name": "binary.add"}
pickle.dump({"node_data": {
    10**12: var([10**11]), 9: var([5]), 0: var([]),
    10**11: node([9, 0], stack, op), 5: node([0, 0, "0"], stack, op)},
    "execute_op_info": {}}, open(sys.argv[1], "wb"))
PY

run "$NNVIZ" "$dir/deep.pkl" -d 1 -j -T dot -o "$dir/deep.dot"
is "$status" 0 "800 modules inside each other"
like "$err" "modules are nested deeper than 500" "are said to be too many"
run "$NNVIZ" "$dir/deep.json" -d 1 -T dot -o -
is "$status" 0 "and what is kept of them can be read again"
is "$(grep -c "arrowhead\|->" "$dir/deep.dot")" \
	"$(printf '%s\n' "$out" | grep -c "arrowhead\|->")" \
	"with the same arrows"

done_testing
