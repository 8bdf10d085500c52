#!/bin/sh
# Tables: what each row says, that totals are the model's at any depth, and that
# no name can break out of its cell.
. "${0%/*}/../lib.sh"

# What is written, word for word.
while read -r name sample options; do
	# shellcheck disable=SC2086 # options are words
	run "$NNVIZ" "samples/$sample" -q $options -o "$tmp/$name"
	[ "$status" -eq 0 ] || diag "status $status: $err"
	golden "$tmp/$name" "tests/golden/$name" "$sample $options as ${name##*.}"
done <<'ROWS'
resnet.txt		resnet.pkl
resnet.tree		resnet.pkl -d -1
transformer.md		transformer.pkl
transformer.csv		transformer.pkl --sort macs
resnet18_traced.txt	resnet18_traced.json -d 1
simple_model_train.csv	simple_model_train.pkl --phase backward -d 1
simple_model-both.csv	simple_model_train.pkl --phase both -d 1
simple_model-both.md	simple_model_train.pkl --phase both -d 1
resnet-both.tree	resnet_train.pkl --phase both -d 1
ROWS

# total SAMPLE COLUMN OPTION...: of the row at the foot.
total() {
	total_model=$1
	total_column=$2
	shift 2
	"$NNVIZ" "$total_model" -q -T csv -o - "$@" | tr -d '\r' |
	    awk -F, -v want="$total_column" '
		NR == 1 { for (i = 1; i <= NF; i++) if ($i == want) c = i }
		END { print $(c) }'
}

# The same at every depth, whatever is drawn; the numbers are the networks'.
check_totals() {
	while read -r model parameters macs; do
		for depth in 0 1 2 -1; do
			is "$(total "$1/$model" parameters -d $depth)" \
			    "$parameters" "$model -d $depth: parameters"
			is "$(total "$1/$model" macs -d $depth)" "$macs" \
			    "$model -d $depth: MACs"
		done
		is "$(total "$1/$model" macs --level ops --keep)" "$macs" \
		    "$model: MACs of all ops"
	done
}
check_totals samples <<'ROWS'
resnet.pkl 11689512 3628146688
transformer.pkl 29170 665088
simple_model.pkl 31 200
resnet18_traced.json 11689512 1814073344
ROWS
if shared=$(shared_dir); then
	check_totals "$shared/traces" <<'ROWS'
mobilenet_v2.pkl 3504872 51457024
res2net50.pkl 25699120 698482688
recycled.pkl 450 5920
ROWS
	# What torchvision's documentation says of these, in full.
	check_totals "$shared/nnviz/graphs" <<'ROWS'
mobilenet_v2_traced.json 3504872 300774272
vgg16_traced.json 138357544 15470264320
ROWS
else
	skip "no large traces here" "totals of large traces"
fi

# At any depth the gradients of forward rows are the whole backward pass, what
# rows have adds up, and a backward pass is the same alone.
cat >"$tmp/sums.py" <<'PY'
import csv, sys

SUMS = "macs", "elementwise", "activation_bytes", "parameters_share"


def table(path):
    *rows, foot = csv.DictReader(open(path, newline=""))
    return rows, foot


def total(rows, key):
    return sum(float(r[key] or 0) for r in rows)


rows, foot = table(sys.argv[1])
fore = [r for r in rows if r["name"].split(".")[0] == "forward"]
back = [r for r in rows if r["name"].split(".")[0] == "backward"]
alone, alone_foot = table(sys.argv[2])
print(total(fore, "backward_macs") == total(back, "macs") > 0,
      total(rows, "backward_macs") == float(foot["backward_macs"]),
      [total(rows, k) == float(foot[k]) for k in SUMS[:3]],
      abs(total(rows, SUMS[3]) - 1) < 1e-9,
      any(r["parameters"] for r in back + alone + [alone_foot]),
      "?" in [r["output_bytes"] for r in rows + alone])
KEYS = "hyper_parameters", "output_shape", "macs", "output_bytes"
print([[r[k] for k in KEYS] for r in back] ==
      [[r[k] for k in KEYS] for r in alone if r["macs"]])
PY
check_training() {
	for model in "$@"; do
		for depth in 0 1 2 -1; do
			for phase in both backward; do
				"$NNVIZ" "$model" -q --phase $phase -d $depth \
				    -T csv -o "$tmp/$phase.csv"
			done
			run python3 "$tmp/sums.py" "$tmp/both.csv" \
			    "$tmp/backward.csv"
			is "$out" "True True [True, True, True] True False False
True" "${model##*/} -d $depth: backward MACs, sums, and the pass alone"
		done
	done
}
check_training samples/resnet_train.pkl samples/simple_model_train.pkl
if shared=$(shared_dir); then
	check_training "$shared"/traces/unet_train.pkl \
	    "$shared"/traces/recycled_train.pkl \
	    "$shared"/traces/vgg11_train.pkl \
	    "$shared"/traces/helper_train.pkl \
	    "$shared"/traces/trainer_class.pkl
else
	skip "no large traces here" "sums of training"
fi
unlike "$("$NNVIZ" samples/resnet.pkl -q -T csv -o -)" backward_macs \
    "no column for a pass that was not recorded"

# Calls: which one a row is of, and what was counted before.
run "$NNVIZ" tests/traces/gan.pkl.gz -q -d 1 -T table
like "$out" '^discriminator \(call 2 of 3\) .* 577 +shared ' "a call again"
run "$NNVIZ" tests/traces/gan.pkl.gz -q -T table
like "$out" '^discriminator.model \(in call 3 of 3\) ' "a call around it"
like "$out" '^shared: has its share in the first row that uses it' "is explained"
like "$out" '^input_1 ' "of several inputs the first has a number"
like "$("$NNVIZ" samples/resnet.pkl -q -T table)" '^input ' "a single one has none"

# A folded module gives what leaves it, and holds what its layers give.
is "$(total samples/resnet.pkl output_bytes -d 0)" \
    "$(total samples/resnet.pkl output_bytes -d -1)" "the whole gives the same"
is "$("$NNVIZ" samples/resnet.pkl -q -d 1 -T csv -o - | tr -d '\r' |
    awk -F, '$1 == "layer1" { print $(NF - 2), $(NF - 1), $NF }')" \
    "401408 1605632 22478848" "elements, bytes, activations of layer1"
is "$("$NNVIZ" samples/resnet_train.pkl -q --phase optimizer -d 1 -T csv -o - |
    tr -d '\r' | awk -F, '$1 == "fc" { print $(NF - 1) }')" 2052000 \
    "an update gives the parameters"

# A table beside a drawing is the table alone.
run "$NNVIZ" samples/resnet.pkl -q -T dot -o "$tmp/a.dot" --stats "$tmp/a.csv"
is "$status" 0 "--stats beside a drawing"
"$NNVIZ" samples/resnet.pkl -q -T csv -o "$tmp/b.csv"
ok "is what -T csv writes" cmp "$tmp/a.csv" "$tmp/b.csv"
ok "and the drawing is there" test -s "$tmp/a.dot"

run "$NNVIZ" samples/resnet.pkl -T table --sort parameters
is "$status" 0 "a table needs no -o"
like "$(printf '%s\n' "$out" | sed -n 3p)" '^layer4.1 ' "the largest is first"
like "$out" '^total +11,689,512 ' "and the total is still the last"
run "$NNVIZ" samples/resnet.pkl -T tree --sort parameters
is "$(printf '%s\n' "$out" | awk 'NR > 2 { print $1, $2, $3 }' | head -5)" \
    "ResNet ResNet 11,689,512
├─ layer4 Sequential
│ ├─ 1
│ └─ 0
├─ layer3 Sequential" "a tree is sorted level by level"
like "$out" '
└─ output ' "and drawn as it is then"
run "$NNVIZ" samples/resnet.pkl -T tree --sort name
like "$(printf '%s\n' "$out" | sed -n 4p)" '^├─ avgpool ' \
    "by names, not by what is drawn before them"
run "$NNVIZ" samples/resnet.pkl -T table --sort time
is "$status" 0 "nothing to sort by is no failure"
like "$err" "rows are not sorted: none has a time: see --profile" "but is said"
run "$NNVIZ" samples/resnet.pkl -T csv --kernels --sort written_bytes -o -
is "$status" 0 "kernels are sorted by their own columns"
run "$NNVIZ" samples/resnet.pkl -T table --sort size
is "$status" 2 "no such key"
like "$err" '"macs".*found "size"' "and those there are"
run "$NNVIZ" samples/resnet.pkl -o "$tmp/x.dot" --stats "$tmp/x.doc"
is "$status" 2 "no such table"
run "$NNVIZ" --formats
like "$out" '^csv ' "--formats lists tables"

# Names from a file: formulas, bars, markup, quotes, terminal controls.
cat >"$tmp/names.json" <<'JSON'
{"nodes": {
"a": {"node_type": "op", "name": "=1+2", "op": "x|y"},
"b": {"node_type": "op", "name": "+cmd", "op": "<b>&"},
"c": {"node_type": "op", "name": "-\"q\",r", "op": "\u001b[31mred\u009b"},
"d": {"node_type": "op", "name": "@a\nb", "op": "\u202egnp.exe"}
}, "edges": []}
JSON
run "$NNVIZ" "$tmp/names.json" -q --keep -T csv -o -
like "$out" "^\"'=1\\+2\",x\\|y," "a formula is quoted"
like "$out" "^\"'\\+cmd\",<b>&," "so is one with a plus"
like "$out" "^\"'-\"\"q\"\",r\"," "quotes are doubled, a comma is inside"
run "$NNVIZ" "$tmp/names.json" -q --keep -T md -o -
like "$out" 'x\\\|y' "a bar does not end a cell of Markdown"
like "$out" '&lt;b&gt;&amp;' "markup does not begin"
run "$NNVIZ" "$tmp/names.json" -q --keep -T table
ok "a terminal gets nothing to obey" \
    sh -c "! LC_ALL=C tr -d '\\n\\40-\\176\\200-\\377' <$tmp/run.out | grep -q ."
unlike "$out" "$(printf '\302\233')" "nor a control in two bytes"
unlike "$out" "$(printf '\342\200\256')" "nor an order to write backwards"
is "$(printf '%s\n' "$out" | grep -c gnp.exe)" 1 "but the text is there"

done_testing
