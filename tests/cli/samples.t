#!/bin/sh
# What the samples must become for a person who knows the models.
. "${0%/*}/../lib.sh"

# drawn SAMPLE ARGUMENT...: its graph as drawn, in $tmp/drawn.json.
drawn() {
	drawn_sample=$1
	shift
	rm -f "$tmp/drawn.json"
	run "$NNVIZ" "samples/$drawn_sample" "$@" -T json -o "$tmp/drawn.json"
	[ "$status" -eq 0 ] || diag "$err"
}

# ask QUESTION: an answer of tests/tools/graph about it.
ask() {
	tests/tools/graph "$1" "$tmp/drawn.json" 2>&1
}

# layers SAMPLE NODES EDGES PARAMETERS: of the forward pass, layer by layer.
layers() {
	drawn "$1" -d -1
	is "$(ask counts)" "$2 $3" "$1 has $2 nodes and $3 edges"
	is "$(ask parameters)" "$4" "$1 has $4 parameters"
	is "$(ask acyclic)" yes "$1 has no cycle"
}

layers simple_model.pkl 5 4 31
layers simple_model_train.pkl 5 4 31
layers resnet.pkl 71 78 11689512
layers resnet_train.pkl 71 78 11689512
layers resnet18_traced.json 71 78 11689512
layers transformer.pkl 21 24 29170

drawn resnet.pkl -d 2
is "$(ask names)" "Input conv1 bn1 relu maxpool layer1.0 layer1.1 layer2.0 \
layer2.1 layer3.0 layer3.1 layer4.0 layer4.1 avgpool reshape fc Output" \
    "resnet at depth 2 reads like the model's source"

# Parameters are neither lost nor counted twice, however much is folded.
for sample in resnet.pkl transformer.pkl resnet18_traced.json; do
	drawn "$sample" -d -1
	all=$(ask parameters)
	for depth in 0 1 2 3; do
		drawn "$sample" -d "$depth"
		is "$(ask parameters)" "$all" "$sample -d $depth has all $all"
	done
done
drawn resnet.pkl -d -1 -c layer1 -c layer2.0
is "$(ask parameters)" 11689512 "and whatever -c folds"
drawn resnet.pkl -l layer1 -d -1
is "$(ask parameters)" 147968 "a layer alone has its own"

# Levels, phases and what is hidden.
for sample in samples/*.pkl samples/*.json; do
	name=${sample##*/}
	for view in "--level ops -d -1" "--level ops --keep" "-d 0" "-d 1" \
	    "--phase all"; do
		# shellcheck disable=SC2086 # options are words
		drawn "$name" $view
		is "$status" 0 "$name $view is drawn"
	done
done
for phase in init backward optimizer; do
	drawn resnet_train.pkl --phase "$phase" -d 1
	is "$status" 0 "the $phase phase of training is drawn"
done
drawn resnet.pkl --phase backward
is "$status" 1 "a phase that did not run is not"
like "$err" 'no operations|backward' "and it says so"

# A layer that is not there.
run "$NNVIZ" samples/resnet.pkl -l layr2.0 -o "$tmp/x.svg"
is "$status" 1 "an unknown layer"
like "$err" '"layr2\.0".*"layer2\.0"' "is told the nearest one"
run "$NNVIZ" samples/resnet.pkl -c layr2 -o "$tmp/x.svg"
is "$status" 0 "a fold that matches nothing is no failure"
like "$err" '"layr2".*"layer2"' "but a warning that names the nearest"

done_testing
