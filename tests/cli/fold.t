#!/bin/sh
# What is left out, merged or drawn once is still counted: whatever the view,
# the parameters, the MACs and the way from inputs to outputs are those of the
# whole, and the result can be read again.
. "${0%/*}/../lib.sh"

work=$tmp/work
mkdir "$work"

cat >"$work/look.py" <<'E'
"""look.py VIEW WHOLE PART AGAIN: what differs between the sums of drawings."""
import json, sys

def look(path):
    graph = json.load(open(path))
    nodes = graph["nodes"]
    kinds = {key: node["node_type"] for key, node in nodes.items()}
    table = graph.get("parameters", [])
    unseen = graph.get("unseen", {"macs": 0})
    used = {p for node in nodes.values() for p in node.get("parameters", [])}
    used.update(unseen.get("parameters", []))
    sums = {"parameters": sum(table[p].get("count", 0) for p in used
                              if table[p]["kind"] != "buffer")}
    macs = [node.get("macs") for node in nodes.values()
            if node["node_type"] in ("op", "collapsed")]
    macs.append(unseen.get("macs"))
    sums["macs"] = None if None in macs else sum(macs)
    ahead = {key: [] for key in nodes}
    for edge in graph["edges"]:
        ahead[edge[0]].append(edge[1])
    for key in nodes:
        if kinds[key] == "input":
            seen, stack = {key}, [key]
            while stack:
                for dst in ahead[stack.pop()]:
                    if dst not in seen:
                        seen.add(dst)
                        stack.append(dst)
            sums["outputs of " + key] = sorted(
                k for k in seen if kinds[k] == "output")
    return sums

def agree(key, whole, part):
    # What is rolled into one leads to all that its calls led to.
    if rolled and key.startswith("outputs"):
        return set(whole) <= set(part or [])
    return whole == part

rolled = "roll" in sys.argv[1]
looks = [look(path) for path in sys.argv[2:]]
for other in looks[1:]:
    for key in looks[0]:
        if not agree(key, looks[0][key], other.get(key)):
            sys.exit("%s: %s != %s" % (key, looks[0][key], other.get(key)))
E

# conserves INPUT VIEW...: one test for all the views of an input.
conserves() {
	input=$1
	name=${input##*/}
	shift
	"$NNVIZ" -q "$input" --fold none -d -1 -T json -o "$work/whole.json"
	set -f
	for view; do
		# shellcheck disable=SC2086 # options are words
		"$NNVIZ" -q "$input" $view -T json -o "$work/part.json" &&
		    "$NNVIZ" -q "$work/part.json" --keep --phase all \
			--fold none -d -1 -T json -o "$work/again.json" &&
		    python3 "$work/look.py" "$view" "$work/whole.json" \
			"$work/part.json" "$work/again.json" \
			>"$work/why" 2>&1 && continue
		diag "$view: $(cat "$work/why")"
		fail "$name keeps its sums with $view"
		set +f
		return
	done
	set +f
	pass "$name keeps its sums in all views"
}

set -- "--fold 2" "--fold 2 -d -1" "--fold similar" "--fold similar -d -1" "-d 1 -e *[0-2]*" \
    "--hide type:*relu* -d -1" "--hide type:*Norm*" "--idioms -d -1" \
    "--idioms --level ops" "--no-plumbing -d -1" "--merge 0.02 -d -1" \
    "--reuse roll -d -1" "--max-nodes 20" "-d auto" "--highlight type:* -d 1"

for input in samples/*.pkl samples/*.json; do
	conserves "$input" "$@"
done
# What was folded can be collapsed: the box stands for all that was in it.
input=tests/traces/resnet152_train.pkl.gz
"$NNVIZ" -q "$input" -d -1 --fold 2 -T json -o "$work/part.json"
"$NNVIZ" -q "$input" -d 1 -T md -o "$work/a.md"
"$NNVIZ" -q "$work/part.json" -d 1 -T md -o "$work/b.md"
ok "what is folded, then collapsed, is what is only collapsed" \
    cmp -s "$work/a.md" "$work/b.md"
run "$NNVIZ" -q "$work/part.json" -d 1 -T dot -o -
unlike "$out" '[0-9] repeated' "and what is in boxes is not called hidden"
"$NNVIZ" -q samples/transformer.pkl -d -1 --fold 2 -T json -o "$work/part.json"
run "$NNVIZ" -q "$work/part.json" -d 1 -T dot -o -
like "$out" 'EncoderLayer ×2' "a box that stands for two says so"
like "$out" '[0-9] layers each' "and what is in each of them"
# What is hidden in a part goes into the sums of that part, and of no other.
sums() {
	"$NNVIZ" -q samples/resnet.pkl "$@" -T table -o - |
	    sed -n '/^parameters:/p;/^MACs:/p'
}
for depth in 1 2 -1; do
	for input in "--from layer1 --to layer2" "--around layer2 --hops 0" \
	    "--from layer2.0 --to layer2.1" "--to layer1"; do
		# shellcheck disable=SC2086 # options are words
		whole=$(sums -d "$depth" $input)
		for hide in type:BatchNorm type:relu layer2.0.conv1; do
			# shellcheck disable=SC2086 # options are words
			is "$(sums -d "$depth" $input --hide "$hide")" \
			    "$whole" "-d $depth $input --hide $hide keeps its sums"
		done
	done
done

# Side by side is not one after another.
"$NNVIZ" -q tests/traces/wide200.pkl.gz -d -1 --idioms --fold 2 -T json \
    -o "$work/part.json"
for input in tests/traces/wide200.pkl.gz "$work/part.json"; do
	run "$NNVIZ" -q "$input" -d -1 --idioms --fold 2 -T dot -o -
	like "$out" 'Linear ×200.*in parallel' \
	    "${input##*/} stands side by side"
done
run "$NNVIZ" -q samples/transformer.pkl -d -1 --fold 2 -T dot -o -
unlike "$out" 'in parallel' "what follows each other does not"

# What a person points at is bold, also on a trunk that everything is on.
run "$NNVIZ" -q samples/resnet.pkl -d 1 --highlight layer2 -T dot -o -
is "$(printf '%s\n' "$out" | grep -c 'penwidth=3.3')" 1 "one box is bold"
unlike "$out" 'class=.faded' "and nothing is pale that leads to it"
"$NNVIZ" -q samples/resnet.pkl -d 1 --highlight layer2 -T json \
    -o "$work/part.json"
run "$NNVIZ" -q "$work/part.json" -d -1 -T dot -o -
is "$(printf '%s\n' "$out" | grep -c 'penwidth=3.3')" 1 "nor when it was saved"

# So is what a person wants to see the surroundings of; and a box stands for
# everything that is in it.
run "$NNVIZ" -q samples/resnet.pkl -d 1 --around layer2 --hops 1 -T dot -o -
is "$(printf '%s\n' "$out" | grep -c 'penwidth=3.3')" 1 \
    "the middle of what is near is bold"
bold=$(printf '%s\n' "$out" | grep -n 'penwidth=3.3')
run "$NNVIZ" samples/resnet.pkl -d 1 --around layer2.0.add --hops 1 -T dot -o -
is "$status$err" 0 "an operation in a box means the box"
is "$(printf '%s\n' "$out" | grep -n 'penwidth=3.3')" "$bold" "the same one"
run "$NNVIZ" samples/resnet.pkl -d 1 --from layer2.1.add --to layer3.0.add \
    -T json -o -
is "$(printf '%s\n' "$out" | grep -c '"node_type":"collapsed"')" 2 \
    "and is a place to go from and to"
run "$NNVIZ" samples/resnet.pkl -d 1 --highlight layer4.0.add -T dot -o -
is "$err" "" "and to point at"
is "$(printf '%s\n' "$out" | grep -c 'penwidth=3.3')" 1 "which makes it bold"
run "$NNVIZ" samples/resnet.pkl -d 1 --highlight layer4.0.sub -T dot -o -
like "$err" 'nothing is called "layer4.0.sub"' "what is in none is not known"

# Calls that are one box hand on one thing, whichever call it was.
run "$NNVIZ" -q tests/traces/recycled.pkl.gz -d -1 --reuse roll -T dot -o -
is "$(printf '%s\n' "$out" | grep -c 'relu -> shared')" 1 \
    "one arrow leads on from all calls"
is "$(printf '%s\n' "$out" | grep -c 'shared -> relu')" 1 "and one back"

run "$NNVIZ" -q samples/resnet.pkl -d -1 --merge 0.01 -T dot -o -
like "$out" '3×3, 64→64 [+] BatchNorm [+] relu' "what joins says so"
run "$NNVIZ" -q samples/transformer.pkl --level ops -d -1 --no-plumbing \
    --idioms -T dot -o -
like "$out" '24×32.l transpose, clone, .l reshape.l' "plumbing is in people's words"
if shared=$(shared_dir); then
	for input in nnviz/graphs/densenet121.json nnviz/graphs/swin_t.json \
	    nnviz/graphs/my_Recycled.json nnviz/graphs/my_ListInput.json \
	    traces/gan.pkl traces/gru.pkl traces/multi_io.pkl \
	    traces/recycled.pkl traces/nonascii_branches.pkl; do
		conserves "$shared/$input" "$@"
	done
else
	skip "no shared directory" "real graphs keep their sums"
fi

# Arrows back and nodes in any order take nothing away when it is read again.
"$NNVIZ" -q samples/resnet.pkl -d -1 --reuse roll -T json -o "$work/part.json"
"$NNVIZ" -q "$work/part.json" -d -1 -T json -o "$work/again.json"
is "$(tests/tools/graph counts "$work/again.json")" \
    "$(tests/tools/graph counts "$work/part.json")" \
    "what is rolled is read again whole"
"$NNVIZ" -q samples/resnet.pkl -d -1 -T json -o "$work/part.json"
python3 - "$work/part.json" "$work/turned.json" <<'P'
import json, sys
graph = json.load(open(sys.argv[1]))
graph["nodes"] = dict(reversed(graph["nodes"].items()))
json.dump(graph, open(sys.argv[2], "w"))
P
"$NNVIZ" -q "$work/turned.json" -d -1 -T json -o "$work/again.json"
is "$(tests/tools/graph counts "$work/again.json")" "71 78" \
    "nodes listed backwards are drawn all the same"

# A box of nothing but constants is one when it is read again, and so is what
# they alone lead to.
cat >"$work/table.json" <<'E'
{"nodes": {
 "x": {"node_type": "input", "name": "x", "path": ["x"]},
 "table": {"node_type": "op", "name": "a.table", "path": ["a", "table"], "op": "get_attr"},
 "cut": {"node_type": "op", "name": "a.cut", "path": ["a", "cut"], "op": "getitem"},
 "twice": {"node_type": "op", "name": "twice", "path": ["twice"], "op": "mul"},
 "add": {"node_type": "op", "name": "add", "path": ["add"], "op": "add"},
 "y": {"node_type": "output", "name": "y", "path": ["y"]}},
 "edges": [["table", "cut", "table", null], ["cut", "twice", "cut", null],
  ["twice", "add", "twice", null], ["x", "add", "x", null],
  ["add", "y", "add", null]],
 "metadata": {"title": "Table"}}
E
"$NNVIZ" -q "$work/table.json" --keep -c a -T json -o "$work/part.json"
is "$(grep -c '"collapsed".*"hidden":"constant"' "$work/part.json")" 1 \
    "a box holds nothing but constants"
"$NNVIZ" -q "$work/part.json" --keep -d -1 -T json -o "$work/again.json"
ok "and does so when it is read again" \
    cmp -s "$work/part.json" "$work/again.json"

# What is hidden has left its parameters to nobody, and they are not forgotten.
cat >"$work/boxes.py" <<'E'
"""boxes.py WHOLE PART: the boxes of PART that claim other parameters."""
import json, sys
whole, part = (json.load(open(path)) for path in sys.argv[1:])
print(" ".join(key for key, node in part["nodes"].items() if
               node.get("n_parameters") !=
               whole["nodes"][key].get("n_parameters")))
E
"$NNVIZ" -q samples/resnet.pkl -d -1 -T json -o "$work/whole.json"
"$NNVIZ" -q samples/resnet.pkl -d -1 --hide type:BatchNorm --hide fc -T json \
    -o "$work/part.json"
is "$(python3 "$work/boxes.py" "$work/whole.json" "$work/part.json")" "" \
    "no box claims what is hidden"
for input in samples/resnet.pkl "$work/part.json"; do
	if [ "$input" = samples/resnet.pkl ]; then
		set -- --hide type:BatchNorm --hide fc
	else
		set --
	fi
	run "$NNVIZ" -q "$input" -d -1 "$@" -T dot -o -
	like "$out" "11.69M parameters · 3.63G MACs" \
	    "the sums are those of the whole"
	like "$out" "21 layers with 522.60K parameters and 1.02M MACs hidden" \
	    "and the title says what no box shows"
	run "$NNVIZ" -q "$input" -d 1 "$@" -T table -o -
	like "$out" "^hidden, in no row .*: 522,600 parameters, 1,024,000 MACs" \
	    "so does the foot of the table"
	like "$out" "^parameters: 11,689,512 trainable" "below the same sum"
done

# What was left out need not have an order: gradients of calls that share their
# weights lead to each other.
cat >"$work/knot.json" <<'E'
{"nodes": {
 "x": {"node_type": "input", "name": "x", "path": ["x"]},
 "a": {"node_type": "op", "name": "a", "path": ["a"], "op": "add"},
 "h": {"node_type": "op", "name": "h", "path": ["h"], "op": "mul"},
 "i": {"node_type": "op", "name": "i", "path": ["i"], "op": "mul"},
 "j": {"node_type": "op", "name": "j", "path": ["j"], "op": "mul"},
 "b": {"node_type": "op", "name": "b", "path": ["b"], "op": "add"},
 "y": {"node_type": "output", "name": "y", "path": ["y"]}},
 "edges": [["x", "a", "x", null], ["a", "h", "a", null],
  ["h", "i", "h", null], ["i", "h", "i", null], ["i", "j", "i", null],
  ["j", "b", "j", null], ["b", "y", "b", null]]}
E
run "$NNVIZ" -q "$work/knot.json" -d -1 --hide type:mul -T json -o -
like "$out" '\["a","b",' "what is behind a knot is led to"
is "$(printf '%s\n' "$out" | grep -c '^\[".*",null\]')" 3 "by one arrow"

# A budget is kept, whatever the model, unless the model is one box.
for input in samples/*.pkl samples/*.json; do
	over=
	for most in 5 12 25 40; do
		"$NNVIZ" -q "$input" --max-nodes "$most" -T json \
		    -o "$work/part.json"
		nodes=$(grep -c '"node_type"' "$work/part.json")
		groups=$(grep -c '"collapsed"' "$work/part.json")
		[ "$nodes" -le "$most" ] || [ "$groups" -eq 1 ] ||
		    over="$over $nodes>$most"
	done
	is "$over" "" "${input##*/} keeps to its budget"
done

# A part, and what crosses its border.
run "$NNVIZ" samples/resnet.pkl --from layer2 --to layer3.0 -T json -o -
is "$(printf '%s\n' "$out" | grep -c '"node_type":"collapsed"')" 3 \
    "--from --to keeps what lies between"
like "$out" '"from layer1' "and says where it comes from"
like "$out" '"to layer3.1"' "and goes to"
run "$NNVIZ" samples/resnet.pkl -d -1 --from layer1.0.conv1 \
    --to layer2.0.conv2 -T json -o -
like "$out" '"to layer2.0.downsample"' \
    "not a module that is drawn itself, but what is outside"
run "$NNVIZ" samples/resnet.pkl -d 1 --around layer2 --hops 1 -T json -o -
is "$(printf '%s\n' "$out" | grep -c '"node_type"')" 5 \
    "--around keeps what is near"
run "$NNVIZ" samples/resnet.pkl --from layer2 --to layer1 -T dot -o -
is "$status" 1 "nothing lies between places in the wrong order"
like "$err" 'between --from and --to: the data flows from "[^"]*" to "[^"]*"$' \
    "and the right one is said"
run "$NNVIZ" samples/resnet.pkl --from lyaer2 -T dot -o -
like "$err" 'nearest .*"layer2"' "an unknown place has near ones"
run "$NNVIZ" samples/resnet.pkl -c lyaer1 -e layr2 -c type:BasicBlok \
    --hide lyaer3 --hide fd -T dot -o -
is "$status" 0 "patterns that mean nothing change nothing"
for text in 'no module "lyaer1": nearest .*"layer1"' \
    'no module "layr2": nearest .*"layer2"' \
    'no module "type:BasicBlok": nearest .*"type:BasicBlock"' \
    '--hide: nothing is called "lyaer3": nearest .*"layer3"' \
    '--hide: nothing is called "fd": nearest .*"fc"'; do
	like "$err" "$text" "each is said: $text"
done
run "$NNVIZ" samples/resnet.pkl -l 'layer[2-3].1' -T json -o -
is "$(printf '%s\n' "$out" | grep -c '"node_type":"collapsed"')" 2 \
    "-l takes a pattern"
for bad in "--merge 2" "--merge x" "--max-nodes 0" "--hops -1" "--reuse x" \
    "-d x"; do
	# shellcheck disable=SC2086 # options are words
	run "$NNVIZ" samples/resnet.pkl $bad -T dot -o -
	is "$status" 2 "bad usage: $bad"
done

# What people see of it.
run "$NNVIZ" samples/transformer.pkl --fold 2 -d -1 -T dot -o -
like "$out" 'layers.*\[0-1\]' "a run says which it stands for"
like "$out" ' ×2</B>' "and how many"
like "$out" '8 repeated layers hidden' "and the title what that saves"
run "$NNVIZ" samples/transformer.pkl --fold 3 -d -1 -T dot -o -
unlike "$out" '×2</B>' "a run that is too short stays"
run "$NNVIZ" samples/resnet.pkl --fold similar -d -1 -T dot -o -
like "$out" 'layer.*\[2-4\]' "stages that only grow are a run"
like "$out" '×3</B>.*Sequential,.*>channels.128→512,.*>28×28→7×7<' \
    "it says from what to what"
like "$out" '128×28×28 … 512×7×7' \
    "what flows inside has the shapes of all"
unlike "$out" '"128×28×28"' "and not of the first alone"
run "$NNVIZ" samples/resnet.pkl --fold similar -d -1 -T table -o -
like "$out" 'bn1 ×3.*2×128×28×28 … 2×512×7×7 .* ?  *[0-9]' \
    "a table has both, and no bytes that are of one"
"$NNVIZ" -q samples/resnet.pkl -d -1 --fold similar -T json -o "$work/part.json"
"$NNVIZ" -q "$work/part.json" -d -1 --fold none -T json -o "$work/again.json"
ok "both are kept in a file" cmp -s "$work/part.json" "$work/again.json"
sed 's/"last":\[128,/"last":[/;s/"last":\[2,/"last":[/' "$work/part.json" >"$work/short.json"
run "$NNVIZ" "$work/short.json" -d -1 -T json -o -
is "$status" 1 "which are as long as each other"
like "$err" 'short.json:.*last' "or it is said where they are not"
run "$NNVIZ" samples/resnet.pkl --fold similar -d -1 -T dot -o -
like "$out" '64→128 … 256→512' "and inside what its layers go through"
like "$out" 'channels 128 … 512' "without saying a word twice"
like "$out" '512×7×7' "what leaves it is what the last one gave"
run "$NNVIZ" samples/resnet.pkl --fold 2 -d -1 -T dot -o -
unlike "$out" 'channels 128→512' "they are not alike"
if shared=$(shared_dir); then
	run "$NNVIZ" "$shared/traces/resnet152_train.pkl.gz" --fold 2 -T dot -o -
	like "$out" '×35</B>.*>layer3\.\[1-35&#93;<' \
	    "a run is called by its full path, as what stands beside it"
	like "$out" '>10 layers each · 39\.10M' "and says what each of it has"
	like "$out" 'tooltip="Bottleneck.*layer3\.\[1-35\]' \
	    "so does what points at it"
	like "$out" '420 repeated layers hidden' "and the title what that saves"
	run "$NNVIZ" -q "$shared/traces/resnet152_train.pkl.gz" --fold 2 -T tree -o -
	like "$out" '─ \[1-35\] ×35  *Bottleneck' "a tree has the row once"
	run "$NNVIZ" -q "$shared/traces/resnet152_train.pkl.gz" --fold 2 \
	    -T table -o -
	like "$out" '^layer3\.\[1-35\] ×35  *Bottleneck' "and so does a table"
	run "$NNVIZ" "$shared/traces/resnet152_train.pkl.gz" --fold 2 \
	    --around 'layer3.[1-35]' --hops 1 -T json -o -
	is "$status$err" 0 "its name means it"
	is "$(printf '%s\n' "$out" | grep -c '"node_type":"collapsed"')" 3 \
	    "and its neighbours are found"
	run "$NNVIZ" "$shared/nnviz/graphs/efficientnet_b0.json" -d auto \
	    -T dot -o -
	like "$out" 'stochastic_depth[^>]*>0\.075[^<]*…[^<]*0\.125' \
	    "what is given to ops is that of all ops of the name"
	run "$NNVIZ" "$shared/nnviz/graphs/googlenet_traced.json" -d -1 \
	    --fold similar -T dot -o -
	like "$out" '512→112 … 144→288' "a row in a row goes from end to end"
else
	skip "no shared directory" "names of rows"
fi

# Rows of every kind: the same structure, with an odd one, with one set of
# weights, growing, and long. What is drawn of each: NAME ×N, and the title.
for name in row row_odd row_tied row_grows row_700; do
	tests/tools/ops "$name" "$work/$name.pkl"
done
# rows NAME ARGUMENT...: the type, count and name of each block
rows() {
	name=$1
	shift
	run "$NNVIZ" -q "$work/$name.pkl" "$@" -T tree -o -
	printf '%s\n' "$out" |
	    sed -n 's/^│* *[├└]─ \([0-9[][^ ]*\)\(\( ×[0-9]*\( calls\)*\)*\)  *\([A-Z][a-z]*\).*/\1\2 \5/p' |
	    tr '\n' ',' | sed 's/,$//'
}
is "$(rows row --fold 2)" "[0-11] ×12 Block" "a row is one box"
is "$(rows row --fold 13 | tr -cd , | wc -c)" 11 "if it is long enough"
is "$(rows row | tr -cd , | wc -c)" 11 "and the drawing is not small"
is "$(rows row_odd --fold 2)" "[0-4] ×5 Block,5 Odd,[6-11] ×6 Block" \
    "an odd one splits it"
is "$(rows row_tied --fold 2)" "[0-11] ×12 calls Block" \
    "shared weights are no equal structure"
is "$(rows row_grows --fold 2 | tr -cd , | wc -c)" 5 "what grows is not alike"
is "$(rows row_grows --fold similar)" "[0-5] ×6 Block" "but similar"
run "$NNVIZ" -q "$work/row_grows.pkl" --fold similar -T dot -o -
like "$out" "Block ×6</B>.*features 64→384" "it says from what to what"
run "$NNVIZ" -q "$work/row.pkl" --fold 2 -d -1 -T dot -o -
is "$(printf '%s\n' "$out" | grep -c '<B>Linear</B>')" 2 \
    "what is inside is drawn once"
like "$out" "22 repeated layers hidden" "the title counts the rest"
is "$(rows row_700 -d -1)" "[0-699] ×700 Block" \
    "more than a thousand boxes are folded without being asked"
is "$(rows row_700 -d -1 --fold none | tr -cd , | wc -c)" 699 \
    "unless that is not wanted"
is "$(rows row_700 -d 2 | tr -cd , | wc -c)" 699 \
    "nor are as many boxes as are not too many"

# Four stages that run a block of theirs in turn, again and again.
tests/bench/gen_trace.py 600 "$work/turns.pkl"
run "$NNVIZ" -q "$work/turns.pkl" -d 2 --fold similar -T dot -o -
like "$out" "BasicBlock ×18</B>  <FONT[^>]*>layer\[1-4&#93;\.\[0-4&#93;<" \
    "numbers inside may differ, and all ends of a round are named"
is "$(printf '%s\n' "$out" | grep -c 'class="group')" 1 "it is one box"
like "$out" "channels 64 … 512" "which says what the round goes through"
run "$NNVIZ" -q "$work/turns.pkl" -d 3 --fold similar -T dot -o -
like "$out" "<B>layer\[1-4&#93;\.\[0-4&#93; ×18</B>.*>BasicBlock,.*>channels.64.….512," \
    "and so do frames"
unlike "$out" "<B>Conv ×18" "so that boxes in them need not"
like "$out" '64→64 … 512→512' "layers have both ends of the round"
like "$out" '64×56×56 … 512×7×7' "and so do arrows"

run "$NNVIZ" samples/transformer.pkl --fold one -T dot -o -
is "$status" 2 "--fold wants a number, auto, similar or none"

done_testing
