#!/bin/sh
# What tensors held when they were recorded.
. "${0%/*}/../lib.sh"

cat >"$tmp/trace.json" <<'TRACE'
{"node_data": {
"0": {"id": 0, "inputs": [], "outputs": [1], "stacks": [],
    "attrs": {"is_var": "0", "name": "array"}},
"1": {"id": 1, "inputs": [0], "outputs": [2], "stacks": [],
    "attrs": {"is_var": "1", "name": "", "shape": "[5,]",
	"dtype": "float32", "dsize": "4", "data": "1.5,-2.25,3e-1,0.25,x"}},
"2": {"id": 2, "inputs": [1], "outputs": [3],
    "stacks": [{"name": "net", "type": "Net", "file_path": "a.py",
	"lineno": 1}], "attrs": {"is_var": "0", "name": "unary.log"}},
"3": {"id": 3, "inputs": [2], "outputs": [], "stacks": [],
    "attrs": {"is_var": "1", "name": "", "shape": "[4,]",
	"dtype": "float32", "dsize": "4", "data": "nan,-inf,0.5,nan"}}},
"execute_op_info": {}}
TRACE

run "$NNVIZ" -q --values -T csv -o - "$tmp/trace.json"
is "$status" 0 "values as a table"
out=$(printf '%s\n' "$out" | tr -d '\r')
like "$out" '^input,1,4,-2.25,1.5,-0.05,0,0$' \
    "minimum, maximum and mean; what is no number does not count"
like "$out" '^[a-z.]*log[a-z.]*,3,4,0.5,0.5,0.5,2,1$' \
    "NaN and infinities apart"

"$NNVIZ" -q --values -T dot -o "$tmp/a.dot" "$tmp/trace.json"
like "$(cat "$tmp/a.dot")" '2 NaN, 1 infinite' "tooltips say them"
like "$(cat "$tmp/a.dot")" 'class=nan' "NaN has a class"
like "$(cat "$tmp/a.dot")" '#dc2626' "and is red"

"$NNVIZ" -q -j -T dot -o "$tmp/b.dot" "$tmp/trace.json"
unlike "$(cat "$tmp/b.dot")" 'infinite|class=nan' \
    "values are drawn on request"
"$NNVIZ" -q --values -T dot -o "$tmp/c.dot" "$tmp/b.json"
ok "the same from the cache" cmp "$tmp/a.dot" "$tmp/c.dot"

sed 's/"1.5,-2.25,3e-1,0.25,x"/[1, 2]/' "$tmp/trace.json" >"$tmp/odd.json"
run "$NNVIZ" --values -T csv -o - "$tmp/odd.json"
is "$status" 0 "data that is no text is left out"
like "$err" 'warning: the data of variable 1 is no text' "with a warning"

if shared=$(shared_dir); then
	run "$NNVIZ" -q --values -T csv -o - "$shared/traces/with_data_big.pkl"
	like "$(printf '%s\n' "$out" | tr -d '\r')" \
	    '^input,73,8000,-3.93294,3.57421,-0.0237366,0,0$' \
	    "megabytes of them"
else
	skip "no large traces here" "megabytes of values"
fi

done_testing
