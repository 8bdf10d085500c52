#!/bin/sh
# Drawings that are too large to be shown: made to fit or refused, and what
# would draw less is said in numbers that hold.
. "${0%/*}/../lib.sh"

cd "$tmp" || exit 1
# chain MODULES LAYERS: as many layers in each of as many modules.
chain() {
	python3 - "$1" "$2" <<'PY'
import json, sys
modules, layers = int(sys.argv[1]), int(sys.argv[2])
spec = {"spec_type": "tensor", "shape": [1, 8], "dtype": "float32"}
nodes = {"input": {"node_type": "input", "name": "input", "path": []}}
edges, last = [], "input"
for m in range(modules):
    for i in range(layers):
        # no two modules are alike: nothing is folded
        n = "m%d.l%d" % (m, i)
        nodes[n] = {"node_type": "op", "name": "l%d" % i,
                    "path": ["m%d" % m, "l%d" % i],
                    "op": "Type%d" % (m * layers + i), "full_op": "T",
                    "n_parameters": m}
        edges.append([last, n, last, spec])
        last = n
nodes["output"] = {"node_type": "output", "name": "output", "path": []}
edges.append([last, "output", last, spec])
json.dump({"nodes": nodes, "edges": edges, "metadata": {}}, sys.stdout)
PY
}
chain 8 90 >long.json
chain 11 100 >longer.json

run "$NNVIZ" long.json -d -1 -o x.pdf -o x.png -o x.svg
is "$status" 0 "a long drawing"
like "$err" 'a page of [0-9]+ × [0-9]+ inches is .*scaled to [0-9]+ %' \
    "the page is scaled, and that is said"
like "$err" 'more than png holds: drawn at [0-9]+ dpi, not' "the pixels, too"
like "$err" 'pixels: a browser shows it' "and what SVG is good for"
is "$(pdfinfo x.pdf | awk '/^Page size/ { print ($3 <= 14400 && $5 <= 14400 &&
    $5 > 14300) }')" 1 "the page is what readers show"
is "$(python3 -c '
import struct
print(max(struct.unpack(">II", open("x.png", "rb").read(24)[16:])) <= 32767)')" \
    True "the picture is what there is room for"
run "$NNVIZ" long.json -q -d -1 -o y.pdf
ok "the page is the same alone" cmp x.pdf y.pdf
run "$NNVIZ" long.json -q -d -1 -o y.svg
ok "and so is SVG after it" cmp x.svg y.svg

run "$NNVIZ" long.json -d -1
like "$err" '722 boxes are more than a page shows: -d 1 would draw 10, ' \
    "what draws less is said"
rm -f long.pdf
run "$NNVIZ" long.json -d 1 -T json -o - 
is "$(printf '%s' "$out" | python3 -c '
import json, sys
print(len(json.load(sys.stdin)["nodes"]))')" 10 "and does so"

for suffix in pdf png; do
	run "$NNVIZ" long.json -d -1 --strict -o "strict.$suffix"
	is "$status" 1 "--strict: no $suffix"
	like "$err" 'are more than png holds|more than PDF readers show' "why"
	like "$err" '722 boxes are more than a page shows' "and what to do"
	ok "and none is there" test ! -e "strict.$suffix"
done
run "$NNVIZ" long.json -d 1 --strict -o strict.png -o strict.pdf
is "$status:$err" "0:" "--strict: what fits is written"

run timeout 100 "$NNVIZ" longer.json -v -d -1 -S hurry=3 -o x.svg
is "$(printf '%s\n' "$err" | sed -n '/boxes are more/p; /laying out/p' |
    sed 's/.*\(boxes are\|laying out\).*/\1/')" "boxes are
laying out" "thousands of boxes are told before the layout"
run "$NNVIZ" long.json -d -1 --limit nodes=100 -o limit.svg
is "$status" 1 "what is over the limit is refused"
like "$err" 'a drawing of 722 boxes is over the limit of 100' "with the reason"
like "$err" '-d 1 would draw 10' "and with what to do"

done_testing
