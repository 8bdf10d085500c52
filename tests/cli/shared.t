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

if [ -x "$shared/nnviz/check-collapse" ]; then
	run "$shared/nnviz/check-collapse" "$NNVIZ"
	like "$out" '387 passed, 0 failed' "collapse agrees with every case"
else
	skip "no cases" "collapse agrees with every case"
fi

done_testing
