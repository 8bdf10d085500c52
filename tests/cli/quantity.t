#!/bin/sh
# Quantities in boxes, and as their colour and height.
. "${0%/*}/../lib.sh"

# attribute NODE NAME: of a node in $tmp/q.dot, where an attribute is a line.
attribute() {
	awk -v node="$1" -v name="$2" '
		{ sub(/^[ \t]+/, "") }
		index($0, node "\t[") == 1 || index($0, "\"" node "\"\t[") == 1 {
			inside = 1
			sub(/^[^[]*\[/, "")
		}
		inside && index($0, name "=") == 1 {
			sub(/^[^=]*=/, "")
			gsub(/[",;]|\]/, "")
			print
		}
		/\];$/ { inside = 0 }' "$tmp/q.dot"
}

draw() {
	run "$NNVIZ" samples/resnet.pkl -q -d -1 -o "$tmp/q.dot" "$@"
	is "$status" 0 "drawn with $*"
}

draw --color-by macs
like "$out$(cat "$tmp/q.dot")" '236\.03M' "the colour bar tells the most"
is "$(attribute conv1 fillcolor)" "#08306b" "the most is the darkest"
is "$(attribute relu fillcolor)" "#f7fbff" "nothing is the palest"

draw --size-by params
is "$(attribute 'layer4.1.conv2' height)" 1.6 "the most is the tallest"
is "$(attribute relu height)" "" "nothing needs no room"

draw -S show_node_macs=true -S show_node_bytes=true
like "$(cat "$tmp/q.dot")" '236\.03M MACs' "MACs in a box"
like "$(cat "$tmp/q.dot")" '6\.1 MiB' "bytes in a box"
draw
unlike "$(cat "$tmp/q.dot")" 'M MACs.*6\.1 MiB' "only where asked for"

draw --color-by macs -S color_by=none
unlike "$(cat "$tmp/q.dot")" '#08306b' "-S wins"
draw --color-by dtype
like "$(cat "$tmp/q.dot")" '>float32</FONT></TD>' "the legend names a dtype"

# legend WORD NAME: what is named below the title where colours tell WORD.
legend() {
	"$NNVIZ" -q samples/resnet_train.pkl -T dot -o - \
	    --color-by "$1" -S legend=true >"$tmp/q.dot"
	like "$(cat "$tmp/q.dot")" ">$2</FONT></TD>" "the legend of $1 names $2"
}
legend category "input, output"
legend module layer4
legend depth "depth 1"
legend phase forward
# However wide the title is, a chip is as wide as its word.
cat >"$tmp/chips.py" <<'E'
import re
import sys

text = open(sys.argv[1]).read()
at = [float(re.search(rf'x="([-0-9.]+)"[^>]*>{word}<', text)[1])
      for word in ("input, output", "container")]
assert 30 < at[1] - at[0] < 80, at
E
"$NNVIZ" -q samples/resnet.pkl -l layer2 -d 1 -S legend=true -o "$tmp/l.svg"
ok "a legend of two is no wider than its words" \
    python3 "$tmp/chips.py" "$tmp/l.svg"
"$NNVIZ" -q samples/resnet_train.pkl --phase both -d 1 --color-by module \
    -T dot -o "$tmp/q.dot"
for part in conv1 layer1 fc; do
	is "$(attribute "forward.$part" fillcolor)" \
	    "$(attribute "backward.$part" fillcolor)" \
	    "$part has one colour in both passes"
done
ok "and each another one" [ "$(attribute forward.conv1 fillcolor)" != \
    "$(attribute forward.layer1 fillcolor)" ]
"$NNVIZ" -q samples/resnet.pkl --color-by module -T dot -o "$tmp/q.dot"
unlike "$(cat "$tmp/q.dot")" '>layer4</FONT></TD>' "no legend unasked"
unlike "$(cat "$tmp/q.dot")" '>int32</FONT></TD>' "but none that is not there"
draw
unlike "$(cat "$tmp/q.dot")" '>float32</FONT></TD>' "nor without being asked"
run "$NNVIZ" samples/resnet.pkl --color-by weight
is "$status" 2 "no such quantity"
like "$err" 'params\|macs\|bytes' "and those there are"

done_testing
