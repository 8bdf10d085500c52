#!/bin/sh
# A long drawing is broken into columns: where a person wants it, and where it
# would take too long otherwise.
. "${0%/*}/../lib.sh"

dir=$tmp

boxes() {
	grep -c 'class="node op' "$1"
}

generate() {
	python3 tests/bench/gen_graph.py "$1" "$2" "$dir/$1.json"
}

run "$NNVIZ" samples/resnet.pkl -d -1 -S columns=3 -T dot -o "$dir/3.dot"
is "$status" 0 "three columns"
is "$err" "" "and nothing to say of it"
for i in 0 1 2; do
	like "$(cat "$dir/3.dot")" "subgraph column$i" "column $i"
done
unlike "$(cat "$dir/3.dot")" "subgraph column3" "and no other"
like "$(cat "$dir/3.dot")" "from layer1.1.relu" "says where it comes from"
like "$(cat "$dir/3.dot")" "to layer2.0.conv1" "and where it goes on"
is "$(grep -c 'subgraph .*cluster' "$dir/3.dot")" \
	"$("$NNVIZ" samples/resnet.pkl -d -1 -T dot -o - | grep -c 'subgraph .*cluster')" \
	"it breaks between frames where it can"

run "$NNVIZ" samples/resnet.pkl -d -1 -S columns=8 -T dot -o -
like "$out" "<B>layer2</B>.*(continued)" "a frame that goes on says so"
is "$(printf '%s\n' "$out" | grep -c '<B>layer2</B>')" \
	"$(($(printf '%s\n' "$out" | grep -c '<B>layer2</B>.*(continued)') + 1))" \
	"but for where it begins"

# A number says nothing: the frame is named as well, as boxes name it.
run "$NNVIZ" samples/resnet18_traced.json -d -1 -S columns=8 -T dot -o -
like "$out" ">to layer[1-4]\.[01]" "a block by its stage"
unlike "$out" ">\(to\|from\) [01][.<]" "no block by its number alone"

for direction in TB LR BT RL; do
	run "$NNVIZ" samples/resnet.pkl -d -1 -S "direction=$direction" \
		-o "$dir/1.svg"
	run "$NNVIZ" samples/resnet.pkl -d -1 -S "direction=$direction" \
		-S columns=3 -o "$dir/3.svg"
	is "$status/$err" "0/" "columns with direction=$direction"
	is "$(boxes "$dir/3.svg")" "$(boxes "$dir/1.svg")" "hold every box"
done
unlike "$(cat "$dir/3.svg")" '[dx]="[^"]*nan' "every place is a number"
cp "$dir/3.svg" "$dir/again.svg"
run "$NNVIZ" samples/resnet.pkl -d -1 -S direction=RL -S columns=3 \
	-o "$dir/3.svg"
ok "the same bytes each time" cmp -s "$dir/3.svg" "$dir/again.svg"

run "$NNVIZ" samples/resnet_train.pkl --phase both -d 2 -S columns=2 \
	-o "$dir/both.svg"
is "$status" 0 "both phases in columns"

run "$NNVIZ" samples/resnet.pkl -d -1 -S columns=500 -T dot -o -
is "$status" 0 "more columns than there is to fill"
unlike "$out" "subgraph column30" "make no column of a box or two"

# A strip that no page holds.
generate chain 500
run "$NNVIZ" "$dir/chain.json" -d -1 --fold none -o "$dir/strip.pdf"
like "$err" "(-S columns=[0-9]* breaks the strip)" "a strip can be broken"
run "$NNVIZ" "$dir/chain.json" -d -1 --fold none -S columns=9 \
	-o "$dir/strip.pdf"
is "$err" "" "and then fits"

# What is too long for one.
generate residual 3000
run "$NNVIZ" "$dir/residual.json" -d -1 --fold none -o "$dir/long.svg"
is "$status" 0 "three thousand boxes"
like "$err" "are drawn in [0-9]* columns" "need columns"
is "$(boxes "$dir/long.svg")" 3001 "which lose none of them"

# A part of what everybody takes stands where it is used: its arrow from there
# is long, that to the user short.
generate recurrent 300
run "$NNVIZ" "$dir/recurrent.json" -d -1 --fold none -S long_arrows=cut \
	-T dot -o -
like "$out" "from embedding" "a step is said to take the embedding"
unlike "$out" "from cell[0-9]*.input" "and joins its input itself"

generate deep 300
run "$NNVIZ" "$dir/deep.json" -d -1 --fold none -T dot -o -
is "$status" 0 "hundreds of frames in frames"
like "$err" "modules within more than 24 others have no frames" "are not drawn"

# A training step in full: what no arrow joins to the rest, the updates of
# hundreds of parameters, would all stand in the first column.
run "$NNVIZ" tests/traces/resnet152_train.pkl.gz --phase all --level ops -d -1 \
	-T dot -o "$dir/step.dot"
is "$status" 0 "fourteen thousand boxes"
is "$(awk '/^\tsubgraph column/ { n = 0 }
	/^\t+("[^"]*"|[a-z_0-9.]+)\t\[/ && ++n == 3000 { print "too many" }' \
	"$dir/step.dot")" "" "none of whose columns has thousands"
like "$(cat "$dir/step.dot")" "subgraph column50" "as pieces have their own"

done_testing
