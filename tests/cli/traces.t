#!/bin/sh
# Real recordings of Jittor 1.3.11 (tests/traces, and those of samples/): what a
# person who knows the model expects to see of each.
. "${0%/*}/../lib.sh"

# trace NAME: the path of a recording.
trace() {
	for trace_path in "samples/$1.pkl" "tests/traces/$1.pkl.gz"; do
		[ ! -e "$trace_path" ] || { echo "$trace_path"; return; }
	done
}

# counts TRACE NODES EDGES: of the forward pass, layer by layer.
counts() {
	run "$NNVIZ" -q "$(trace "$1")" -d -1 -T json -o "$tmp/x.json"
	is "$(tests/tools/graph counts "$tmp/x.json" 2>&1)" "$2 $3" \
	    "$1 has $2 nodes and $3 edges"
}

counts simple_model 5 4
counts simple_model_train 5 4
counts resnet 71 78		# as NNViz draws torchvision's resnet18
counts resnet_train 71 78
counts transformer 21 24
counts recycled 13 12
counts recycled_train 13 12
counts multi_io 20 19
counts mobilenet_v2 154 163
counts gru 5 4
counts nonascii_branches 21 24
counts wide200 403 601
counts unet_train 41 42
counts vgg11_train 30 29
# One input, one output. Each of its 16 blocks splits its channels with getitem,
# whose second tensor, "the rest", is left over by the last piece; counted as
# outputs of the model those would make it 477 and 564.
counts res2net50 461 548

# A recording of which a part is lost is drawn, with a word on why it is little;
# weights from before the recording, as in built_outside, are no such part.
# keeps NAME EXPRESSION: the recording with those nodes of it, as $tmp/kept.pkl.
keeps() {
	python3 -c 'import gzip, pickle, sys
path, kept, out = sys.argv[1:]
with (gzip.open if path.endswith(".gz") else open)(path, "rb") as file:
    trace = pickle.load(file)
trace["node_data"] = {
    id: node for i, (id, node) in enumerate(trace["node_data"].items())
    if eval(kept, {"i": i, "var": node["attrs"]["is_var"] == "1"})}
trace["execute_op_info"] = {}
with open(out, "wb") as file:
    pickle.dump(trace, file)' "$(trace "$1")" "$2" "$tmp/kept.pkl"
}

incomplete='warning: [1-9][0-9]* of [1-9][0-9]* inputs refer to nodes that are not in the file: the recording seems incomplete$'
for kept in 'i % 2 == 0' 'i % 2 == 1' 'i % 20 != 0' 'i % 5 > 1' 'not var' 'var'; do
	keeps resnet_train "$kept"
	run "$NNVIZ" "$tmp/kept.pkl" -T dot -o "$tmp/x"
	like "$err" "$incomplete" "a recording with gaps: $kept"
	is "$(printf '%s\n' "$err" | grep -cE "$incomplete")" 1 "said once"
done
for whole in samples/*.pkl tests/traces/*.pkl.gz; do
	run "$NNVIZ" "$whole" -T dot -o "$tmp/x"
	unlike "$err" 'incomplete' "without gaps: ${whole##*/}"
done

# facts FILE EXPRESSION: of a drawn graph as JSON, in Python.
facts() {
	python3 - "$@" <<'P'
import json, sys
d = json.load(open(sys.argv[1]))
nodes, edges = d['nodes'], d['edges']
kinds = [n['node_type'] for n in nodes.values()]
def share(key):
    return nodes[key]['n_parameters'] / total
total = d['nnviz_c']['counts'].get('parameters')
print(eval(sys.argv[2]))
P
}

run "$NNVIZ" -q "$(trace res2net50)" -d -1 -T json -o "$tmp/x.json"
is "$(facts "$tmp/x.json" "kinds.count('input'), kinds.count('output')")" \
    "(1, 1)" "res2net50 has one input and one output"
run "$NNVIZ" -q "$(trace multi_io)" -d -1 -T json -o "$tmp/x.json"
is "$(facts "$tmp/x.json" "kinds.count('input'), kinds.count('output')")" \
    "(3, 3)" "multi_io has three of each"
is "$(facts "$tmp/x.json" \
    "[n['name'] for n in nodes.values() if n['node_type'] == 'input']")" \
    "['input_a', 'input_b', 'ids']" "whose inputs keep their names"

run "$NNVIZ" -q samples/resnet.pkl -d 2 -T json -o "$tmp/x.json"
is "$(facts "$tmp/x.json" "' '.join('.'.join(n['path']) for n in nodes.values())")" \
    "input conv1 bn1 relu maxpool layer1.0 layer1.1 layer2.0 layer2.1 layer3.0 layer3.1 layer4.0 layer4.1 avgpool reshape fc output" \
    "resnet at depth 2 is what NNViz draws of torchvision's"
run "$NNVIZ" -q samples/resnet.pkl -d -1 -T json -o "$tmp/x.json"
is "$(facts "$tmp/x.json" "[k for k, n in nodes.items() if n.get('call')][:2]")" \
    "['layer1_0_relu', 'layer1_0_relu#2']" "each call is a node of its own"

# Lists leave no trace on the stack; parameters know their names.
run "$NNVIZ" -q samples/transformer.pkl -d -1 -T json -o "$tmp/x.json"
is "$(facts "$tmp/x.json" "nodes['layers_0_fc1']['name']")" layers.0.fc1 \
    "layers of a list are called by their full path"
is "$(facts "$tmp/x.json" "nodes['add']['n_parameters']")" 512 \
    "the position table belongs to the addition that uses it"

# parameters TRACE N: each parameter once, at every depth and under any -c.
parameters() {
	for view in "-d 0" "-d 1" "-d 2" "-d 3" "-d -1" "-d 1 --level ops" \
	    "-d -1 --level ops" "-d -1 --keep" "-d -1 -c layer1 -c features"; do
		# shellcheck disable=SC2086 # options are words
		"$NNVIZ" -q "$(trace "$1")" $view -T json -o "$tmp/x.json"
		facts "$tmp/x.json" total
	done >"$tmp/sums"
	is "$(sort -u "$tmp/sums")" "$2" "$1 has $2 parameters at every depth"
}

parameters resnet 11689512
parameters resnet_train 11689512
parameters mobilenet_v2 3504872
parameters transformer 29170
parameters res2net50 25699120
parameters recycled 450
parameters recycled_train 450
parameters gru 2948
parameters helper_train 62
parameters vgg11_train 132863336

# What was made before tracing began has a number and nothing else.
run "$NNVIZ" -q "$(trace built_outside)" -d -1 -T dot -o -
like "$out" '[?] parameters' "weights of unknown size are not counted as none"
unlike "$out" '[^0-9?]0 parameters' "nor as zero"
run "$NNVIZ" -q "$(trace built_outside)" -d -1 -T json -o "$tmp/x.json"
is "$(facts "$tmp/x.json" "kinds.count('input'), kinds.count('output')")" \
    "(1, 1)" "what is fed to the first layer is the input, not its weight"

# A training loop in a plain function becomes the root of everything.
run "$NNVIZ" -q "$(trace helper_train)" -d -1 -T json -o "$tmp/x.json"
is "$(facts "$tmp/x.json" "set(n.get('phase', 'forward') for n in nodes.values())")" \
    "{'forward'}" "the optimizer's step is no part of the forward pass"

run "$NNVIZ" "$(trace empty)" -o "$tmp/x.svg"
is "$status" 1 "an empty trace is not drawn"
like "$err" "no operations in .*empty\.pkl\.gz$" "and says why"
ok "and leaves nothing behind" test ! -e "$tmp/x.svg"

# Everything draws, without a cycle, or says in a line why not.
for path in samples/*.pkl tests/traces/*.pkl.gz; do
	name=${path##*/}
	case $name in empty.*) continue ;; esac
	for view in "-d 2" "-d -1" "--level ops -d -1" "--level ops -d 1"; do
		# shellcheck disable=SC2086
		run "$NNVIZ" -q "$path" $view -T json -o "$tmp/x.json"
		is "$(tests/tools/graph acyclic "$tmp/x.json" 2>&1)" yes \
		    "$name $view has no cycle"
	done
	for phase in backward optimizer init all; do
		run "$NNVIZ" -q "$path" --phase $phase -T dot -o "$tmp/x.dot"
		case $status in
		0)	pass "$name --phase $phase is drawn" ;;
		1)	like "$err" "no $phase operations" \
			    "$name --phase $phase says why not" ;;
		*)	fail "$name --phase $phase ends with $status"
			diag "$err" ;;
		esac
	done
done

# Nine ways to save one trace are one drawing.
"$NNVIZ" -q tests/traces/simple_model.proto0.pkl.gz -S show_title=false \
    -T dot -o "$tmp/proto0.dot"
for path in tests/traces/simple_model.proto*.pkl.gz; do
	"$NNVIZ" -q "$path" -S show_title=false -T dot -o "$tmp/x.dot"
	ok "${path##*/} draws the same" cmp "$tmp/proto0.dot" "$tmp/x.dot"
done

# A recording that was cleared does not know the weights before they are used,
# and the one call that waits for them is still one.
run "$NNVIZ" -q tests/traces/second_dump.pkl.gz -T csv -o -
is "$(printf '%s\n' "$out" | grep '^bn,' | cut -d, -f1-6)" \
    "bn,BatchNorm,channels 2,2×2×6×6,float32,4" "a call with late weights is one"

done_testing
