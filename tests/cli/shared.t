#!/bin/sh
# Real traces and graphs, more than the repository holds: all of them draw, or
# say in one line why not.
. "${0%/*}/../lib.sh"

shared=$(shared_dir) || skip_all "no directory of shared material"

for trace in "$shared"/traces/*.pkl "$shared"/traces/*.pkl.gz \
    "$shared"/nnviz/graphs/*.json; do
	name=${trace##*/}
	for view in "-d 2" "-d -1" "--level ops --phase all -d 1"; do
		# shellcheck disable=SC2086 # options are words
		run "$NNVIZ" -q "$trace" $view -T dot -o "$tmp/x.dot"
		case $status in
		0)	pass "$name $view is drawn" ;;
		1)	is "$(printf '%s\n' "$err" | wc -l)" 1 \
			    "$name $view is refused in a line"
			diag "$err" ;;
		*)	fail "$name $view ends with status $status"
			diag "$err" ;;
		esac
	done
done

# counts TRACE NODES EDGES: of the forward pass, layer by layer.
counts() {
	run "$NNVIZ" -q "$shared/traces/$1.pkl" -d -1 -T json -o "$tmp/x.json"
	is "$(tests/tools/graph counts "$tmp/x.json" 2>&1)" "$2 $3" \
	    "$1 has $2 nodes and $3 edges"
	is "$(tests/tools/graph acyclic "$tmp/x.json" 2>&1)" yes \
	    "$1 has no cycle"
}

counts simple_model 5 4
counts resnet 71 78
counts resnet_train 71 78
counts transformer 21 24
counts recycled 13 12
counts multi_io 20 19
counts mobilenet_v2 154 163
counts res2net50 477 564
counts gru 5 4
counts nonascii_branches 21 24

run "$NNVIZ" "$shared/traces/empty.pkl" -o "$tmp/x.svg"
is "$status" 1 "an empty trace is not drawn"
like "$err" 'no operations in ".*empty\.pkl"|empty\.pkl: no operations' \
    "and says why"

if [ -x "$shared/nnviz/check-collapse" ]; then
	run "$shared/nnviz/check-collapse" "$NNVIZ"
	like "$out" '387 passed, 0 failed' "collapse agrees with every case"
else
	skip "no cases" "collapse agrees with every case"
fi

done_testing
