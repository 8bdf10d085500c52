#!/bin/sh
# -d auto: what one page can show. A picture is as large as its fonts make it,
# and the page is chosen by an estimate: a tenth is allowed for that.
. "${0%/*}/../lib.sh"

work=$tmp/work
mkdir "$work"

# look.py SVG: how large its smallest type is on a page of A4 and on Letter.
cat >"$work/look.py" <<'END'
import re, sys

svg = open(sys.argv[1]).read()
width, height = map(float, re.search(
    r'<svg[^>]*? width="([\d.]+)pt" height="([\d.]+)pt"', svg).groups())
size = min(map(float, re.findall(r'font-size="([\d.]+)"', svg)))
scale = min(595 / width, 842 / height, 612 / width, 792 / height, 1)
print("%s %.1f" % ("legible" if size * scale >= 5.4 else "too small",
                   size * scale))
END

# sum.py FILE FILE: whether both hold the same.
cat >"$work/sum.py" <<'END'
import json, sys

sums = []
for path in sys.argv[1:]:
    nodes = json.load(open(path))["nodes"].values()
    sums.append((sum(n.get("macs") or 0 for n in nodes),
                 len({p for n in nodes for p in n.get("parameters", [])})))
print("the same" if sums[0] == sums[1] else sums)
END

draw() {
	input=$1
	shift
	run "$NNVIZ" -q "$input" -d auto "$@"
}

for input in tests/traces/*.gz samples/*.pkl samples/*.json; do
	name=${input##*/}
	[ "$name" = empty.pkl.gz ] && continue
	draw "$input" -o "$work/page.svg" -o "$work/page.json"
	is "$status" 0 "$name is drawn on a page"
	run python3 "$work/look.py" "$work/page.svg"
	like "$out" '^legible' "and can be read there"
	groups=$(grep -c '"collapsed"' "$work/page.json")
	nodes=$(grep -c '"node_type"' "$work/page.json")
	[ "$nodes" -le 60 ] && [ "$groups" -lt "$nodes" ]
	is $? 0 "in no more than 60 boxes"
	[ "$nodes" -gt 3 ] || [ "$groups" -eq 0 ]
	is $? 0 "which show more than that there is a model"
	"$NNVIZ" -q "$input" -d -1 -T json -o "$work/whole.json"
	run python3 "$work/sum.py" "$work/whole.json" "$work/page.json"
	is "$out" "the same" "and hold all that the model holds"
done

# One look, however often and wherever.
draw samples/resnet.pkl -T dot -o -
first=$out
draw samples/resnet.pkl -T dot -o -
is "$out" "$first" "the same page every time"
like "$out" 'column1' "in columns"
like "$out" '×3</B>' "with similar stages drawn once"
draw samples/resnet.pkl -T dot -o - -S columns=1
unlike "$out" 'column1' "a person decides on the columns"
draw samples/resnet.pkl -T dot -o - --fold none
unlike "$out" '×[0-9]*</B>' "and on what is drawn once"
draw samples/resnet.pkl -T dot -o - -e layer4.1 -c layer2
like "$out" 'layer4.1.conv2' "-e opens"
like "$out" 'layer2' "-c closes"
unlike "$out" 'layer2.0' "what it names"
draw samples/resnet.pkl --max-nodes 12 -T json -o -
[ "$(printf '%s\n' "$out" | grep -c '"node_type"')" -le 12 ]
is $? 0 "--max-nodes is a limit as well"
run "$NNVIZ" samples/resnet.pkl -d auto -c nowhere -T dot -o -
is "$(printf '%s\n' "$err" | grep -c 'no module "nowhere"')" 1 \
    "what is wrong with the options is said once"
draw samples/simple_model.pkl -T dot -o - -d 1
unlike "$out" 'column1' "the last -d counts"

# What comes again with a part between its two calls is not one box, which would
# feed itself, nor in one frame.
cat >"$work/ring.json" <<'END'
{"nodes": {
 "x": {"node_type": "input", "name": "x", "path": ["x"]},
 "drop": {"node_type": "op", "name": "b.drop.drop", "path": ["b", "drop", "drop"], "op": "drop"},
 "mlp": {"node_type": "op", "name": "b.mlp", "path": ["b", "mlp"], "op": "Linear", "n_parameters": 9},
 "drop_1": {"node_type": "op", "name": "b.drop.drop_1", "path": ["b", "drop", "drop_1"], "op": "drop"},
 "y": {"node_type": "output", "name": "y", "path": ["y"]}},
 "edges": [["x", "drop", "a", null], ["drop", "mlp", "b", null],
  ["mlp", "drop_1", "c", null], ["drop_1", "y", "d", null]],
 "metadata": {"title": "Ring"}}
END
run "$NNVIZ" -q "$work/ring.json" --max-nodes 5 -T dot -o -
is "$(printf '%s\n' "$out" | grep -c 'peripheries=2')" 0 \
    "no box feeds itself"
unlike "$out" 'cluster_m[0-9]*_b.drop' "no frame has others in its midst"
like "$out" '<B>drop</B>>' "a name that repeats the op is not said"

# Rows are folded before modules are closed: the box says how many it is.
draw tests/traces/wide200.pkl.gz -T dot -o -
like "$out" 'Linear ×200' "two hundred branches are one box"
draw tests/traces/resnet152_train.pkl.gz -T dot -o -
like "$out" '10 layers each' "what a closed box stands for holds so many each"
like "$out" '×35</B>' "and an open one says how often it comes"


# What is made alike looks alike: all blocks with a skip are open, or none.
draw tests/traces/mobilenet_v2.pkl.gz -T dot -o -
is "$(printf '%s\n' "$out" | grep -c '<B>InvertedResidual[^/]*</B>.*>9 layers')" 0 \
    "no block with a skip is closed"
is "$(printf '%s\n' "$out" | grep -c 'shape=circle')" 5 \
    "where one is open"
like "$out" '<B>InvertedResidual</B>.*>features\.2<' \
    "what holds one closed box is that box, with its own type"
unlike "$out" 'features\.2\.conv' "and not with that of what it holds"
run "$NNVIZ" -q tests/traces/mobilenet_v2.pkl.gz --max-nodes 24 -T dot -o -
like "$out" '<B>InvertedResidual</B>.*>features\.2<' "whoever asks for boxes"
# So do the passes of a module, and no pass is one box.
passes() {
	printf '%s\n' "$out" | sed -n "s/^$1\.\([^,]*\),.*/\1/p" |
		grep -v '^loss$' | sort
}
for trace in samples/resnet_train.pkl tests/traces/unet_train.pkl.gz; do
	draw "$trace" --phase both -T csv -o -
	is "$(passes forward | grep -E 'conv|layer')" \
	    "$(passes backward | grep -E 'conv|layer')" \
	    "$trace opens both passes of a module"
done
draw tests/traces/gan.pkl.gz --phase both -T csv -o -
like "$out" '^backward\.generator\.model\.5,' "a wide one, too"
unlike "$out" '^(forward|backward),' "and neither as a whole is a box"
run "$NNVIZ" -q samples/resnet_train.pkl --phase both --max-nodes 40 -T csv -o -
is "$(passes forward)" "$(passes backward)" "whoever asks for boxes"
if shared=$(shared_dir); then
	draw "$shared/nnviz/graphs/densenet121.json" -T dot -o -
	unlike "$out" '<B>transition[1-3]</B>.*4 layers' \
	    "the transitions of a DenseNet are all open"
	draw "$shared/nnviz/graphs/googlenet_traced.json" -o "$work/page.svg"
	run python3 "$work/look.py" "$work/page.svg"
	like "$out" '^legible' "and GoogLeNet is legible"
else
	skip "no shared directory" "pages of large graphs"
fi

done_testing
