#!/bin/sh
# What is drawn, before layout, and what is said, word for word: compared with
# tests/golden. `make golden` rewrites those; a person reads the difference.
# Pictures are not among them because fonts differ between machines.
. "${0%/*}/../lib.sh"

# Each row: the file below tests/golden, whose suffix is the format, a sample
# and options. A sample with a slash in it is a recording of tests/traces.
while read -r name sample options; do
	case $sample in
	*/*)	model=tests/$sample.pkl.gz ;;
	*)	model=samples/$sample ;;
	esac
	# shellcheck disable=SC2086 # options are words
	run "$NNVIZ" "$model" $options -o "$tmp/$name"
	[ "$status" -eq 0 ] || diag "status $status: $err"
	golden "$tmp/$name" "tests/golden/$name" "$sample $options as ${name##*.}"
done <<'ROWS'
simple_model.dot	simple_model.pkl
simple_model-ops.dot	simple_model.pkl --level ops -d -1
simple_model-keep.dot	simple_model.pkl --level ops -d -1 --keep
simple_model-all.dot	simple_model_train.pkl --phase all -d -1
simple_model.json	simple_model.pkl -d -1
simple_model-ops.json	simple_model_train.pkl --level ops --phase all -d -1
resnet.dot		resnet.pkl -d 2
resnet-overview.dot	resnet.pkl -d 1
resnet-layer.dot	resnet.pkl -l layer2.0 -d -1
resnet-fold.dot		resnet.pkl -d -1 -c layer1 -c layer2 -c layer3
resnet-train.dot	resnet_train.pkl -d 1
transformer.dot		transformer.pkl -d 2
transformer.json	transformer.pkl -d 1
resnet18_traced.dot	resnet18_traced.json -d 2
resnet18_traced.json	resnet18_traced.json -d 1
nested_specs.dot	nested_specs.json
nested_specs.json	nested_specs.json
unet.dot		traces/unet_train -d 2
unet-turned.dot		traces/unet_train -d 2 --turn d3.conv
res2net50.dot		traces/res2net50 -d 2
res2net50-block.dot	traces/res2net50 -l layer1.0 -d -1
multi_io.dot		traces/multi_io -d -1
recycled.dot		traces/recycled -d -1
gan.dot			traces/gan -d 2
resnet-both.dot		resnet_train.pkl --phase both -d 1
resnet-optimizer.dot	resnet_train.pkl --phase optimizer -d 2
ROWS

# What is said about each input that cannot be drawn.
cd "$tmp" || exit 1
mkdir work
cd work || exit 1
: >empty.pkl
printf 'cos\nsystem\n(S"true"\ntR.' >unsafe.pkl
printf '\200\004]\224.' >list.pkl
printf '\200\004}\224(\214\011node_data\224}\224' >cut.pkl
printf '\200\004\225' >frame.pkl
printf '\200\006N.' >protocol.pkl
printf '{"nodes": {"a": 1}, "edges": []}' >node.json
printf '{"nodes": {}, "edges": [["a"]]}' >edge.json
printf '{"nodes": {}, "edges": []}' >none.json
printf '{"nodes": [1, 2' >cut.json
printf '{"nodes": {"a": {"node_type": "cat", "name": "a"}}, "edges": []}' \
    >type.json
printf '[1,]' >comma.json
printf 'text' >text.json
printf '\375\067zXZ\000' >trace.xz
printf '\050\265\057\375' >trace.zst
mkdir folder
for input in missing.pkl folder ./*.*; do
	run "$NNVIZ" "${input#./}" -T dot -o /dev/null
	printf '%s: %s\n' "$status" "$err"
done >"$tmp/messages.txt"
cd "$top" || exit 1
golden "$tmp/messages.txt" tests/golden/messages.txt \
    "what is said of what cannot be drawn"

done_testing
