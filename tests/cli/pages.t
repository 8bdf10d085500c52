#!/bin/sh
# A model as pages: in one PDF, and as a folder of linked SVG.
. "${0%/*}/../lib.sh"

sample=$top/samples/resnet.pkl
cd "$tmp" || exit 1

run "$NNVIZ" "$sample" --pages -o net.pdf
is "$status:$err" "0:" "--pages"
is "$(pdfinfo net.pdf | sed -n 's/^Pages: *//p')" 5 "an overview and 4 stages"
for page in 1:Linear 2:layer1 3:layer2 4:layer3 5:layer4; do
	text=$(pdftotext -f "${page%:*}" -l "${page%:*}" net.pdf -)
	like "$text" "${page#*:}" "page ${page%:*} is ${page#*:}'s"
	like "$text" "${page%:*} ?/ ?5" "and says its number"
done
like "$text" "ResNet › layer4" "and where it belongs"
like "$text" "downsample" "and shows what is in it"
"$NNVIZ" "$sample" --pages -o again.pdf
ok "the same bytes again" cmp net.pdf again.pdf
run "$NNVIZ" "$sample" --pages -o both.pdf -o both.svg
"$NNVIZ" "$sample" -o alone.svg
ok "beside another picture" cmp both.svg alone.svg
ok "and the same bytes" cmp both.pdf net.pdf
run "$NNVIZ" "$sample" --pages -d -1 -o full.pdf
is "$(pdfinfo full.pdf | sed -n 's/^Pages: *//p')" 1 \
    "-d says how deep the overview is"

for few in '-d 0' '--max-nodes 4'; do
	# shellcheck disable=SC2086 # words
	"$NNVIZ" "$sample" --pages $few -o few.pdf
	is "$(pdfinfo few.pdf | sed -n 's/^Pages: *//p')" 5 \
	    "$few: but not one box that leads nowhere"
done

# check.py FILE: the table of objects is right, and links lead to pages.
cat >check.py <<'P'
import re, sys
data = open(sys.argv[1], "rb").read()
start = int(re.search(rb"startxref\n(\d+)", data).group(1))
lines = data[start:].split(b"\n")
assert lines[0] == b"xref"
for i in range(int(lines[1].split()[1])):
    offset, _, kind = lines[2 + i].split()[:3]
    if kind == b"n":
        assert data[int(offset):].startswith(b"%d 0 obj" % i), i
names = set(re.findall(rb"\((page\d+)\) *\d+ 0 R|\((page\d+)\) *\[", data))
dests = re.findall(rb"/Dest \((page\d+)\)", data)
titles = re.findall(rb"/Title ", data)
print(len(dests) > 0, len(titles))
P
# the title of the whole stands there twice: once as cairo wrote it
is "$(python3 check.py net.pdf)" "True 7" "links, an outline, no lost object"
"$NNVIZ" "$sample" -S 'source_url=https://x.org/{file}' -o source.pdf
ok "nor one in a PDF of one page" python3 check.py source.pdf

# What has no page is told before anything is drawn.
run "$NNVIZ" "$sample" --pages --limit pages=3 -o few.pdf
is "$status:$(pdfinfo few.pdf | sed -n 's/^Pages: *//p')" "0:3" "--limit pages"
like "$err" 'at most 3 pages, so that 2 boxes lead to none: --limit pages=N' \
    "and a warning that says what to do"
run "$NNVIZ" -v "$sample" --pages --limit pages=3 -o few.pdf
like "$(printf '%s' "$err" | tr '\n' ' ')" 'at most 3 pages.*laying out' \
    "before the work"
rm -f few.pdf
run "$NNVIZ" "$sample" --pages --strict --limit pages=3 -o few.pdf
is "$status" 1 "--strict: a failure"
like "$err" 'more than 3 pages is over the limit: --limit pages=N allows more$' \
    "which says so"
ok "and nothing is written" test ! -e few.pdf
# once, though a model is drawn in several ways
run "$NNVIZ" "$top/samples/resnet18_traced.json" --pages --kernels -o k.pdf
unlike "$err" 'more\)' "what is missing is said once"

# The folder.
run "$NNVIZ" "$sample" -T atlas -o at/las
is "$status:$err" "0:" "-T atlas"
is "$(ls at/las)" "index.svg
layer1.svg
layer2.svg
layer3.svg
layer4.svg" "a file a page"
cat >atlas.py <<'P'
import os, sys, xml.etree.ElementTree as tree
folder = sys.argv[1]
seen, todo = set(), ["index.svg"]
while todo:
    name = todo.pop()
    if name in seen:
        continue
    seen.add(name)
    for e in tree.parse(os.path.join(folder, name)).getroot().iter():
        href = e.get("{http://www.w3.org/1999/xlink}href")
        if href is not None:
            assert "/" not in href, href
            todo.append(href)
assert seen == set(os.listdir(folder)), seen ^ set(os.listdir(folder))
P
ok "each is reached from the first" python3 atlas.py at/las
ok "and is well-formed" xmllint --noout --nonet at/las/*.svg
like "$(cat at/las/layer2.svg)" '<a xlink:href="index.svg">ResNet</a>' "with a way up"
like "$(cat at/las/layer2.svg)" 'href="layer3.svg">›' "and to the next"
cp -r at/las before
"$NNVIZ" "$sample" -T atlas -o at/las/
ok "the same bytes again" diff -r before at/las
run "$NNVIZ" "$sample" -T atlas
ok "without -o it is called after the model" cmp resnet.atlas/index.svg before/index.svg
run "$NNVIZ" "$sample" -T atlas -o r.atlas \
    --theme "$top/styles/dark.style"
like "$(cat r.atlas/layer1.svg)" '<polygon fill="#0d1117" stroke="none"' \
    "the line above has the page's colour"

# Modules that are the same inside share a page, all of whose boxes lead there;
# a row of them is drawn once where a page would not show all.
pages() {
	pdfinfo "$1" 2>/dev/null | sed -n 's/^Pages: *//p'
}
page() {
	pdftotext -f "$2" -l "$2" "$1" - | tr -s '\n ' ' '
}
train=$top/tests/traces/resnet152_train.pkl.gz
run timeout 60 "$NNVIZ" "$train" --pages -o deep.pdf
is "$status:$err:$(pages deep.pdf)" "0::5" "152 layers: an overview and 4 stages"
like "$(page deep.pdf 4)" '\[1-35\] ×35' "35 blocks are drawn as one"
unlike "$(page deep.pdf 2)" '\] ×' "what fits is drawn in full"
"$NNVIZ" "$train" --pages --fold none -o none.pdf
is "$(pages none.pdf)" 49 "--fold none: a page a block"
run timeout 60 "$NNVIZ" "$train" --phase both --pages -o both.pdf
is "$status:$err:$(pages both.pdf)" "0::13" \
    "both passes of a module are on one page, and alike ones too"
text=$(page both.pdf 10)
like "$text" 'layer3\.\[1-35\] ×35' "which says for whom it stands"
like "$text" '1\.12M parameters each.*13\.38M MACs each' "and whose numbers it tells"
like "$text" 'Input 1024×2×2' "and nothing of who is around one of them"
like "$(page both.pdf 9)" 'Input from forward.layer2' "as another says it"
ok "no lost link" python3 check.py both.pdf
run timeout 60 "$NNVIZ" "$train" --phase both -T atlas -o bothpages
is "$(find bothpages -name 'layer3*' | LC_ALL=C sort | tr '\n' ' ')" \
    "bothpages/layer3.0.svg bothpages/layer3.1.svg bothpages/layer3.svg " \
    "a file is called after the first of them"
ok "each is reached from the first" python3 atlas.py bothpages
is "$(grep -o 'xlink:href="layer3.1.svg"' bothpages/layer3.svg | wc -l)" 70 \
    "70 boxes lead there"
like "$(cat bothpages/layer3.1.svg)" '>\[1-35&#93; ×35</tspan>' "the line above says so"
ok "--check" "$NNVIZ" "$train" --phase both -T atlas --check bothpages
ok "--check of PDF" "$NNVIZ" "$train" --phase both --pages --check both.pdf
run "$NNVIZ" "$train" --phase both --fold none --pages --check both.pdf
is "$status" 1 "and a difference"
# What crosses the border of a page in many tensors is one box there.
run timeout 60 "$NNVIZ" -q "$train" --phase all --pages -o all.pdf
is "$status:$err" "0:" "all phases as pages"
wide=$(pdfinfo -l 999 all.pdf | sed -n 's/^Page .* size: *\([0-9]*\).* x .*/\1/p' |
    sort -n | tail -1)
ok "no page is wider than readers show: $wide" test "$wide" -lt 6000
like "$(pdftotext all.pdf - | tr '\n' ' ')" 'to optimizer, 467 tensors' \
    "of one place: how many there are"
python3 - >dense.json <<'P'
import json
nodes = {"x%d" % i: {"node_type": "op", "name": "x%d" % i, "op": "X%d" % i,
    "full_op": "x", "path": ["x%d" % i], "n_parameters": 1} for i in range(6)}
edges = []
for k, op in enumerate(["cat", "relu"]):
    nodes[op] = {"node_type": "op", "name": op, "op": op, "full_op": op,
        "path": ["block", op], "n_parameters": 1}
nodes["out"] = {"node_type": "output", "name": "out", "path": ["out"]}
spec = {"spec_type": "tensor", "shape": [4], "dtype": "float32"}
edges = [["x%d" % i, "cat", "x%d" % i, spec] for i in range(6)]
edges += [["cat", "relu", "cat", spec], ["relu", "out", "relu", spec]]
json.dump({"nodes": nodes, "edges": edges, "metadata": {"title": "t"}}, __import__("sys").stdout)
P
"$NNVIZ" -q dense.json --keep -d 1 -T atlas -o dense
like "$(cat dense/block.svg)" '>from x0 and 5 more<' "or for one box alone"
is "$(grep -c 'class="edge' dense/block.svg)" 3 "with one arrow"

# shared.py NAME...: blocks of these names at the top; what an odd name has is
# another: a parameter more, an arrow more, or one from the same place twice.
cat >shared.py <<'P'
import json, sys
nodes, edges, before = {"in": {"node_type": "input", "name": "in", "path": ["in"]}}, [], "in"
spec = {"spec_type": "tensor", "shape": [4], "dtype": "float32"}
def edge(a, b):
    edges.append([a, b, a, spec])
for i, name in enumerate(sys.argv[1:]):
    for k, op in enumerate("abc"):
        nodes["n%d%s" % (i, op)] = {"node_type": "op", "name": op, "op": op.upper(),
            "full_op": op, "path": [name, op],
            "n_parameters": 3 if name == "odd" and op == "c" else 2}
        edge("n%d%s" % (i, "abc"[k - 1]) if k else before, "n%d%s" % (i, op))
    if name == "wired":
        edge("n%da" % i, "n%dc" % i)
    if name == "skipped":
        edge(before, "n%dc" % i)
    before = "n%dc" % i
nodes["out"] = {"node_type": "output", "name": "out", "path": ["out"]}
edge(before, "out")
json.dump({"nodes": nodes, "edges": edges, "metadata": {"title": "t"}}, sys.stdout)
P
# shares NAMES PAGES TEXT: so many pages, the second called that.
shares() {
	# shellcheck disable=SC2086 # words
	python3 shared.py $1 >shared.json
	run "$NNVIZ" shared.json -d 1 --pages -o shared.pdf
	is "$status:$(pages shared.pdf)" "0:$2" "$2 pages: $1"
	like "$(page shared.pdf 2)" "t › $3" "which is: $3"
}
shares 'b1 b2 b4 b5 b7' 2 'b\[1-2,4-5,7\] ×5'
shares 'zebra ant b1 b2 b4' 2 'zebra, ant, b1, b2, b4 ×5'
shares 'x.007 x.008' 2 'x.007, x.008 ×2'
shares 'long_winded_names other_long_winded_ones third' 2 \
    'long_winded_names, … ×3'
shares '1 odd 2 wired 3 skipped 4' 5 '\[1-4\] ×4'
"$NNVIZ" shared.json -d 1 --pages --fold none -o shared.pdf
is "$(pages shared.pdf)" 8 "--fold none: one a module"

# A page is what readers show: a strip is broken, and what is too large scaled.
python3 - >strip.json <<'P'
import json, sys
nodes, edges, before = {"in": {"node_type": "input", "name": "in", "path": ["in"]}}, [], "in"
spec = {"spec_type": "tensor", "shape": [4], "dtype": "float32"}
for i in range(300):
    for op in "ab":
        key = "n%d%s" % (i, op)
        nodes[key] = {"node_type": "op", "name": op, "op": op, "full_op": op,
            "path": ["net", "b%d" % i, op], "n_parameters": i + 1}
        edges.append([before, key, before, spec])
        before = key
nodes["out"] = {"node_type": "output", "name": "out", "path": ["out"]}
edges.append([before, "out", before, spec])
json.dump({"nodes": nodes, "edges": edges, "metadata": {"title": "t"}}, sys.stdout)
P
# side PDF: the longest of its pages, in points.
side() {
	pdfinfo -l 9999 "$1" | sed -n 's/^Page .* size: *\(.*\) x \(.*\) pts.*/\1 \2/p' |
	    tr ' ' '\n' | sort -n | tail -1 | sed 's/\..*//'
}
run "$NNVIZ" strip.json --pages -o strip.pdf
is "$status:$err" "0:" "300 parts that differ: no word"
ok "are a page, not a strip: $(side strip.pdf)" test "$(side strip.pdf)" -lt 4000
run "$NNVIZ" strip.json --pages -S columns=1 -o strip.pdf
like "$status:$err" '^0:.*page 2 of .* inches is more than PDF readers' \
    "unless the style says so"
is "$(side strip.pdf)" 14400 "which is scaled"
ok "links and all" python3 check.py strip.pdf
run "$NNVIZ" strip.json --pages -S columns=1 --strict -o strict.pdf
like "$status:$err" '^1:.*page 2 of .* inches is more than PDF readers' "--strict"
ok "--check knows no columns" "$NNVIZ" -q strip.json --pages -S columns=1 \
    --check strip.pdf

# A page at which Graphviz fails costs no other.
gan=$top/tests/traces/gan.pkl.gz
run "$NNVIZ" "$gan" -d 3 --phase all --keep --pages -o gan.pdf
is "$status" 0 "a fault of Graphviz is none of the document"
like "$err" 'frames of a page' "a warning says so"
ok "costs no page: $(pages gan.pdf)" test "$(pages gan.pdf)" -gt 3
ok "and no check" "$NNVIZ" -q "$gan" -d 3 --phase all --keep --pages \
    --check gan.pdf

# Names that mean something to files, links, XML and PDF.
python3 - <<'P'
import json
names = ["../../x", "/etc/passwd", "..", ".", ".hidden", "index", "INDEX", "a/b",
         "a_b", "A_B", "con", "AUX.x", "lpt1", "com", "-rf", "--help", "...", "</svg><script>alert(1)</script>", "'", "dest='p'", "\"&<>",
         "javascript:alert(1)", "\u202egnp", "\n\t", "%2e%2e%2f", "page:1",
         "(paren) %%EOF", "\u7f51\u7edc", "x" * 100000, "\x00", "\ud800"]
nodes, edges, last = {}, [], None
for i, name in enumerate(names):
    for k in range(4):
        key = "n%d_%d" % (i, k)
        nodes[key] = {"node_type": "op", "name": "l%d" % k,
                      "path": [name, "inner", "l%d" % k], "op": "Op%d" % (i * 4 + k),
                      "full_op": "Op", "n_parameters": 1}
        if last:
            edges.append([last, key, last, {"spec_type": "tensor", "shape": [1], "dtype": "f"}])
        last = key
json.dump({"nodes": nodes, "edges": edges, "metadata": {"title": "<t>'"}},
          open("evil.json", "w"))
P
mkdir deep
run "$NNVIZ" -q evil.json --keep -T atlas -o deep/evil
is "$status:$err" "0:" "an atlas of evil names"
ok "all within its folder" python3 atlas.py deep/evil
ok "well-formed" xmllint --noout --nonet deep/evil/*.svg
is "$(find deep/evil -name '-*' -o -name '.?*')" "" \
    "none is an option, or hidden"
is "$(find deep/evil | LC_ALL=C grep -ciE '/(con|prn|aux|nul|com[0-9]|lpt[0-9])\.')" \
    0 "none is a device"
ok "which letters tell from one" test -e deep/evil/com.svg
ok "a page for most of them" test "$(find deep/evil -name '*.svg' | wc -l)" -gt 18
is "$(find . -name 'x.svg' -o -name passwd -o -name '.h*')" "" "none escaped"
is "$(find deep/evil | LC_ALL=C tr '[:upper:]' '[:lower:]' | sort | uniq -d)" "" \
    "none is another in capitals"
is "$(cat deep/evil/*.svg | grep -c '<script')" 0 "and none is a script"
run "$NNVIZ" -q evil.json --keep --pages -o evil.pdf
is "$status:$err" "0:" "and as PDF"
ok "with the same pages" test \
    "$(pdfinfo evil.pdf 2>/dev/null | sed -n 's/^Pages: *//p')" -eq \
    "$(find deep/evil -name '*.svg' | wc -l)"
ok "whole" python3 check.py evil.pdf

# What cannot be.
usage() {
	usage_ere=$1
	shift
	run "$NNVIZ" "$@"
	is "$status" 2 "status 2: $usage_ere"
	like "$err" "$usage_ere" "the reason: $usage_ere"
}
usage 'pages is for PDF' "$sample" --pages -o x.svg
usage 'an atlas is a folder' "$sample" -T atlas -o -
echo file >notdir
run "$NNVIZ" "$sample" -T atlas -o notdir
is "$status" 1 "a file in place of the folder"
like "$err" ' notdir: cannot make: a file that is no' "and it is named"
mkdir own
"$NNVIZ" -q "$sample" -T json -o own/index.svg
cp own/index.svg kept
run "$NNVIZ" own/index.svg -T atlas -o own
ok "no page takes the place of the model" cmp own/index.svg kept
like "$status:$err" '^[12]:.*is the model and would be overwritten' "and why"

# A page for each of many modules costs what they hold, not what all hold.
if sanitized || grep -q -e --coverage "$BUILD/flags"; then
	skip "what instruments takes its time" "linear"
else
	run timeout 60 "$NNVIZ" -q "$top/samples/transformer.pkl" --level ops \
	    --pages -d 1 -o ops.pdf
	is "$status" 0 "ops of a transformer as pages"
fi

done_testing
