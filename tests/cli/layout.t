#!/bin/sh
# From the layout's own coordinates: no two boxes of any sample lie over each
# other. That no label is wider than its box test_render.c asks.
. "${0%/*}/../lib.sh"

# overlaps: of Graphviz's plain text, the pairs of boxes that share more than a
# thousandth of an inch both ways.
overlaps() {
	awk '
	BEGIN { n = 0 }
	$1 == "node" {
		for (i = 0; i < n; i++)
			if (apart(x[i], $3, w[i], $5) < -0.001 &&
			    apart(y[i], $4, h[i], $6) < -0.001)
				print name[i], "and", $2
		name[n] = $2; x[n] = $3; y[n] = $4; w[n] = $5; h[n] = $6
		n++
	}
	END { if (n == 0) print "no boxes" }
	function apart(a, b, wa, wb) {
		return (a < b ? b - a : a - b) - (wa + wb) / 2
	}'
}

# The check itself: two boxes that touch, and two that do not.
is "$(printf 'node a 1 1 1 1\nnode b 2 1 1 1\n' | overlaps)" "" \
    "boxes side by side are fine"
is "$(printf 'node a 1 1 1 1\nnode b 1.9 1.5 1 1\n' | overlaps)" "a and b" \
    "boxes over each other are found"

for sample in samples/*.pkl samples/*.json tests/traces/*.pkl.gz; do
	case $sample in
	*/wide200.pkl.gz | */empty.pkl.gz) continue ;; # slow; nothing to draw
	esac
	for depth in 1 2; do
		run "$NNVIZ" -q "$sample" -d "$depth" -T plain -o "$tmp/plain"
		if [ "$status" -ne 0 ]; then
			fail "$sample -d $depth is drawn"
			diag "$err"
			continue
		fi
		is "$(overlaps <"$tmp/plain")" "" \
		    "$sample -d $depth: no box over another"
	done
done

for options in "--phase both" "--phase both -d 2" "-S direction=LR" \
    "-S hurry=3 -d -1" "-S hurry=3 --phase all -d -1"; do
	# shellcheck disable=SC2086 # options are words
	run "$NNVIZ" -q samples/resnet_train.pkl $options -T plain \
	    -o "$tmp/plain"
	is "$(overlaps <"$tmp/plain")" "" "$options: no box over another"
done

# A frame says its name and type on one line where no arrow enters from above.
titles() {
	"$NNVIZ" -q samples/transformer.pkl -d -1 --direction "$1" \
	    -T dot -o - | grep -o 'BR[^>]*>.*EncoderLayer'
}
is "$(titles LR)$(titles RL)" "" "frames have titles of one line, sideways"
like "$(titles TB)" EncoderLayer "and of two where one would be in the way"

like "$("$NNVIZ" -q samples/resnet.pkl -l layer2 -d -1 -T svg -o -)" \
    '>· BasicBlock<' "no blank at the beginning of a text, which SVG drops"

# In these four an arrow enters where the title would stand. Three have room
# beside them, to the right or to the left, for a title beside the arrow.
cat >"$tmp/corner.py" <<'P'
import re, sys
for frame in re.findall(r'class="cluster.*?</g>', sys.stdin.read(), re.S):
    left = min(map(float, re.findall(r"([\d.-]+),", frame.split("d=")[1])))
    x = float(re.search(r'<text[^>]* x="([\d.-]+)"', frame)[1])
    print(round(x - left) == 8)
P
is "$("$NNVIZ" -q tests/traces/gan.pkl.gz -d -1 -T svg -o - |
	python3 "$tmp/corner.py" | sort | uniq -c | tr -s ' \n' ' ')" \
	" 3 False 1 True " "a frame grows for a title beside an arrow"

done_testing
