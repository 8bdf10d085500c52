#!/bin/sh
# What ran as one kernel, and how long it took.
. "${0%/*}/../lib.sh"

model=samples/simple_model.pkl

# column N: of the table of kernels as CSV, whose lists are quoted.
column() {
	"$NNVIZ" -q --kernels --phase all -T csv -o - $model | tr -d '\r' |
	    tail -n +2 | sed 's/"\([^"]*\)"/list/g' | cut -d, -f"$1"
}

run "$NNVIZ" -q --kernels -T table -o - $model
is "$status" 0 "the kernels as a table"
like "$out" '^ +11 +broadcast_to, binary.multiply, reduce.add +4 +linear1 ' \
    "a kernel's number, ops and module"
like "$out" ' 2 +1 +80 B +400 B +100 +0 +0.42 +cpu$' \
    "what it reads, writes and computes"
like "$out" '^ +12 .* linear1, relu1 ' "one that crosses modules"
like "$out" '^4 of 14 kernels' "how many there are in all"
is "$(column 1 | tr '\n' ' ')" "1 2 3 4 5 6 7 8 9 10 11 12 13 14 " \
    "the order is that of execution"
run "$NNVIZ" -q --kernels --sort macs -T table -o - $model
like "$(printf '%s\n' "$out" | sed -n 3p)" '^ +11 ' "sorted by MACs"
run "$NNVIZ" -q --kernels --sort parameters -T table -o - $model
is "$status" 1 "kernels have no parameters to sort by"

# The same from the cache, and nothing of it where nobody asked.
"$NNVIZ" -q -j -T dot -o "$tmp/a.dot" $model
"$NNVIZ" -q --kernels -T table -o "$tmp/a.txt" $model
"$NNVIZ" -q --kernels -T table -o "$tmp/b.txt" "$tmp/a.json"
ok "the same from the cache" cmp "$tmp/a.txt" "$tmp/b.txt"
unlike "$(cat "$tmp/a.dot")" 'k11' "kernels are drawn on request"
"$NNVIZ" -q --kernels -T dot -o "$tmp/k.dot" $model
like "$(cat "$tmp/k.dot")" 'k11' "and then they are"

# A profile as it is printed: a key, a path, numbers, a line each.
{
	echo "Profile result, sorted by TotalTime"
	echo "      Name  FileName     Count TotalTime   AvgTime"
	column 14 | grep . | sort -u | while read -r file; do
		printf '%s\n          %s\n %19s %8s %8s\n' "a key «x" \
		    "/home/me/.cache/$file" 2 "3us" "1.5us"
	done
} >"$tmp/profile.txt"
time=$("$NNVIZ" -q --profile "$tmp/profile.txt" --kernels -T csv -o - $model |
    sed 's/"\([^"]*\)"/list/g' | cut -d, -f12 | tr '\n' ' ')
is "$time" "time 1500 1500 1500 1500 " "a kernel takes the mean of its runs"
for depth in 0 1 -1; do
	is "$("$NNVIZ" -q --profile "$tmp/profile.txt" -d $depth -T json -o - \
	    $model | sed -n 's/.*"time_ns":\([0-9]*\).*/\1/p' |
	    awk '{ sum += $1 } END { print sum }')" 6000 \
	    "times add up with -d $depth"
done
for format in txt tree; do
	"$NNVIZ" -q --profile "$tmp/profile.txt" -o "$tmp/time.$format" $model
	like "$(head -n 1 "$tmp/time.$format")" 'time ns$' \
	    "$format has a column of times"
	like "$(cat "$tmp/time.$format")" '^total.* 6,000$' "and its sum"
done
unlike "$("$NNVIZ" -q -T table $model)" 'time ns' "no column without times"
unlike "$("$NNVIZ" -q --kernels -T table $model)" 'time ns' \
    "nor in a table of kernels"
like "$("$NNVIZ" -q --kernels -T csv -o - $model)" ',time,' "but for programs"
like "$("$NNVIZ" -q --profile "$tmp/profile.txt" -T dot -o - $model)" \
    '6 µs' "the title says the sum"
{
	echo 'Name,FileName,Count,TotalTime'
	column 14 | grep . | sort -u | sed 's|.*|"a ""key"",1",/x/&,2,3e3|'
	echo 'nobody,/x/nowhere_op.cc,1,5'
} >"$tmp/profile.csv"
run "$NNVIZ" --profile "$tmp/profile.csv" --kernels -T csv -o - $model
is "$(printf '%s\n' "$out" | sed 's/"\([^"]*\)"/list/g' | cut -d, -f12 |
    tr '\n' ' ')" "$time" "the same as CSV"
like "$err" 'warning: 1 of [0-9]+ rows of the profile fit no kernel' \
    "what fits no kernel is said"
echo "no table" >"$tmp/none.txt"
run "$NNVIZ" -q --profile "$tmp/none.txt" -T dot -o - $model
is "$status" 1 "a text without rows is no profile"
like "$err" "no row of a profile" "and that is said"

# A trace saved as JSON has text for keys, and the same kernels.
python3 -c 'import json, pickle, sys
json.dump(pickle.load(open(sys.argv[1], "rb")), open(sys.argv[2], "w"))' \
    samples/simple_model.pkl "$tmp/as-text.json"
run "$NNVIZ" -q samples/simple_model.pkl --kernels -T csv -o "$tmp/a.csv"
run "$NNVIZ" "$tmp/as-text.json" --kernels -T csv -o "$tmp/b.csv"
is "$err" "" "a trace as JSON has its kernels"
ok "the same ones" cmp "$tmp/a.csv" "$tmp/b.csv"

like "$("$NNVIZ" samples/resnet.pkl -q --kernels -d 1 -T dot -o -)" \
    '16.of.k55–k82' "some kernels of a range are no range"

# A colour is a kernel, and not a category as well.
run "$NNVIZ" -q samples/transformer.pkl --kernels -d 2 -S legend=true -T dot -o -
like "$out" '>a colour is a kernel; pale boxes ran in several<' "the legend says so"
unlike "$out" 'fillcolor="#(fbcfe8|dcfce7|e0f2fe)"' \
    "and no box has the colour of its category"
is "$(printf '%s\n' "$out" | grep -A12 'layers.0.self_attn"	.class' |
    grep -c 'fillcolor="#e8edf4"')" 1 "what ran in several has none"

done_testing
