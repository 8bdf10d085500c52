#!/bin/sh
# The same picture: from a trace and from its cache, from tables in any order,
# run after run.
. "${0%/*}/../lib.sh"

work=$tmp/work
mkdir "$work"

# draws SVG INPUT ARGUMENT...
draws() {
	draws_to=$1
	shift
	"$NNVIZ" "$@" -T svg -o "$draws_to" 2>"$work/err" || diag "$(cat "$work/err")"
}

# The cache takes the source's name from the file it came from.
for sample in simple_model simple_model_train resnet transformer; do
	cp "samples/$sample.pkl" "$work"
	"$NNVIZ" "$work/$sample.pkl" -T dot -j -o "$work/$sample.dot"
	for view in "-d 1" "-d 2" "-d -1" "--level ops -d 1" "--phase all -d 1" \
	    "--keep" "-S show_clusters=false"; do
		# shellcheck disable=SC2086 # options are words
		draws "$work/trace.svg" "$work/$sample.pkl" $view
		# shellcheck disable=SC2086
		draws "$work/cache.svg" "$work/$sample.json" $view
		ok "$sample $view: the cache draws the same" \
		    cmp "$work/trace.svg" "$work/cache.svg"
		rm -f "$work/trace.svg" "$work/cache.svg"
	done
done
draws "$work/trace.svg" "$work/resnet.pkl" -l layer2.0 -d -1
draws "$work/cache.svg" "$work/resnet.json" -l layer2.0 -d -1
ok "resnet -l layer2.0: the cache draws the same" \
    cmp "$work/trace.svg" "$work/cache.svg"

# A cache of the cache is the cache.
mkdir "$work/second"
"$NNVIZ" "$work/resnet.json" -T dot -j -o "$work/second/resnet.dot"
ok "a cache of the cache is the cache" \
    cmp "$work/resnet.json" "$work/second/resnet.json"

# The tables of a trace are C++ hash maps: their order means nothing.
mkdir "$work/permuted"
for sample in simple_model resnet; do
	python3 - "samples/$sample.pkl" "$work/permuted/$sample.pkl" <<'E'
import pickle, random, sys

def permuted(table):
    items = list(table.items())
    random.Random(1).shuffle(items)
    return dict(items)

with open(sys.argv[1], "rb") as file:
    trace = pickle.load(file)
for node in trace["node_data"].values():
    node["attrs"] = permuted(node["attrs"])
    node["stacks"] = [permuted(stack) for stack in node["stacks"]]
trace["node_data"] = permuted(
    {i: permuted(node) for i, node in trace["node_data"].items()})
trace["execute_op_info"] = permuted(trace["execute_op_info"])
with open(sys.argv[2], "wb") as file:
    pickle.dump(permuted(trace), file)
E
	draws "$work/given.svg" "$work/$sample.pkl"
	draws "$work/permuted.svg" "$work/permuted/$sample.pkl"
	ok "$sample in another order draws the same" \
	    cmp "$work/given.svg" "$work/permuted.svg"
done

# A trace that somebody saved as JSON is the trace.
mkdir "$work/text"
python3 -c 'import json, pickle, sys
json.dump(pickle.load(open(sys.argv[1], "rb")), open(sys.argv[2], "w"))' \
    samples/simple_model.pkl "$work/text/simple_model.pkl"
draws "$work/given.svg" "$work/simple_model.pkl"
draws "$work/text.svg" "$work/text/simple_model.pkl"
ok "a trace as JSON draws the same" cmp "$work/given.svg" "$work/text.svg"

# Run after run, whatever the surroundings.
for format in svg pdf png dot json; do
	"$NNVIZ" samples/transformer.pkl -o "$work/first.$format"
	(
		cd / && TZ=Asia/Tokyo LC_ALL=de_DE.UTF-8 HOME=/nonexistent \
		    TMPDIR=/nonexistent "$NNVIZ" \
		    "$top/samples/transformer.pkl" -o "$work/other.$format"
	) 2>"$work/err"
	ok "the same $format from elsewhere" \
	    cmp "$work/first.$format" "$work/other.$format"
done

# An input that has a number keeps it, even where it is the only one.
printf '{"nodes": {"input_1": {"node_type": "input", "name": "input",
"path": ["input"]}, "output": {"node_type": "output", "name": "output",
"path": ["output"]}}, "edges": [["input_1", "output", "input_1", null]],
"metadata": {"title": "T", "source": "s", "source_version": "1",
"nnviz_version": "1"}}' >"$work/one.json"
"$NNVIZ" "$work/one.json" -T json -o "$work/again.json" 2>"$work/err" ||
    diag "$(cat "$work/err")"
ok "names of a graph stay as they are" grep -q '"input_1"' "$work/again.json"

done_testing
