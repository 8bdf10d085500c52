#!/bin/sh
# A name is text, whatever it means to the language it is written in. Every
# output of a graph with evil names is read by that language's own parser.
. "${0%/*}/../lib.sh"

cd "$tmp" || exit 1
mkdir out

# The names, as a graph; in ASCII, so that the escapes of JSON are at work too.
cat >make.py <<'E'
import json

NAMES = [
    "</svg><script>alert(1)</script>", "]]>", "<![CDATA[", "<!--", "-->",
    "\"; rm -rf /; \"", "$(touch out/pwned)", "`touch out/pwned`", "%n%s%x",
    "\\G\\N\\E\\T\\L\\l\\r", "<B>bold</B>", "<TABLE><TR><TD>x</TD></TR></TABLE>",
    "&#0;", "&lt;", "&notanentity;", "a\0b", "\ud800", "x\udfffy",
    "\u202egnp.exe", "\u2066\u2069", "\x1b[31mred\x1b[0m", "\x9b31m", "\r\n\t\v",
    "\u2028\u2029", "\ufffe\uffff", "=HYPERLINK(\"http://x\")", "@SUM(1)",
    "+1", "-1", "| a | b |", "[x](javascript:alert(1))", "**b** `c`", "'", "\\",
    "{a|b}", "relu", "model", "网络", "\U0001f600", " ", "]", "%PDF-", "%%EOF",
    "(paren", "x" * 1000000,
]
nodes = {}
for i, name in enumerate(NAMES):
    nodes[f"{name}#{i}"] = {
        "node_type": "op", "name": name, "path": [name, name], "op": name,
        "full_op": name, "n_parameters": 7, "perc_parameters": 1.0,
        "const_args": [name], "const_kwargs": {name: name},
    }
keys = list(nodes)
edges = [[a, b, a, {"spec_type": "tensor", "shape": [1, 2], "dtype": "<b>&"}]
         for a, b in zip(keys, keys[1:])]
with open("evil.json", "w") as file:
    json.dump({"nodes": nodes, "edges": edges, "metadata": {
        "title": "</title><script>" + "t" * 1000000, "source": "\u202e\x1b]0;x\x07",
        "nnviz_version": "1"}}, file)
E
python3 make.py

for format in svg pdf png dot json xdot plain cmapx eps csv md txt tree; do
	run timeout 60 "$NNVIZ" -q evil.json --keep -d -1 -o "out/x.$format"
	is "$status:$err" "0:" "$format is written"
done
is "$(find . -name 'pwned*')" "" "nothing was executed"

# A name that is the type in other letters says nothing beside it.
cat >said.json <<'E'
{"nodes": {
 "a": {"node_type": "op", "op": "GoogLeNetOutputs",
  "name": "out", "path": ["goog_le_net_outputs"]},
 "b": {"node_type": "op", "op": "BatchNorm", "name": "bn",
  "path": ["batch_norm2"]}},
 "edges": [["a", "b", "a", null]]}
E
run "$NNVIZ" said.json --keep -T dot -o -
like "$out" '<B>GoogLeNetOutputs</B>>' "a class in lower case is not said again"
like "$out" '<B>BatchNorm</B>  <.*>batch_norm2<' "a name that says more is"

# A part says what it is, and of what.
resnet=$top/samples/resnet.pkl
run "$NNVIZ" "$resnet" -l layer2.0 -T dot -o -
like "$out" ">BasicBlock of ResNet · resnet.pkl<" "a part tells both classes"
like "$out" ">230.14K parameters · " "and the rest on a second line"
unlike "$("$NNVIZ" "$resnet" -T dot -o -)" 'ResNet ·' "the whole is no part"
"$NNVIZ" "$resnet" -l layer2.0 -T json -o part.json
like "$("$NNVIZ" part.json -T dot -o -)" ">BasicBlock of ResNet · " \
    "and so does a saved one"
like "$("$NNVIZ" part.json -l downsample -T dot -o -)" \
    '>Sequential of ResNet · ' "and a part of that"
like "$("$NNVIZ" "$top/samples/resnet18_traced.json" -l layer1 -T dot -o -)" \
    '>part of ResNet · ' "where classes of modules are not known, that it is one"
like "$("$NNVIZ" "$resnet" -l layer2.0 -T svg -o -)" \
    '<title [^>]*>layer2.0, part of ResNet<' "the title of SVG says so"
like "$("$NNVIZ" "$resnet" -l layer2.0 -T svg -o -)" \
    ' boxes in 1 frame, joined by [0-9]* arrows; ' "and one is singular"

# The SVG: parsed, and nothing in it but drawing and text.
cat >svg.py <<'E'
import sys
import xml.etree.ElementTree as tree

ALLOWED = {"svg", "g", "a", "path", "polygon", "polyline", "ellipse", "text",
           "title", "desc", "style", "metadata"}
root = tree.parse(sys.argv[1]).getroot()
texts = []
for element in root.iter():
    name = element.tag.rsplit("}", 1)[-1]
    assert name in ALLOWED, name
    for key, value in element.attrib.items():
        assert not key.rsplit("}", 1)[-1].startswith("on"), key
        assert not key.endswith("href"), (key, value)
    texts.append(element.text or "")
    texts.extend(element.attrib.values())
all_text = "\n".join(texts)
for name in ("</svg><script", "<B>bold</B>", "&lt;", "]]>", "%n%s%x",
             "\\G\\N\\E", "网络"):
    assert name in all_text, name
for i in list(range(0x202a, 0x202f)) + list(range(0x2066, 0x206a)) + [0x1b]:
    assert chr(i) not in all_text, hex(i)
E
ok "the SVG is drawing and text, and the names are in it" \
    python3 svg.py out/x.svg
ok "the image map is XML" xmllint --noout --nonet out/x.cmapx
run "$NNVIZ" -q evil.json --keep -d -1 -S svg_responsive=true -T svg -o out/page.svg
ok "the SVG for a page too" python3 svg.py out/page.svg

ok "the PDF is one" pdftotext out/x.pdf out/x.pdf.txt
ok "and says what the names say" grep -qF '</svg><script' out/x.pdf.txt

# DOT: dot reads it, and draws text and nothing else.
ok "dot reads the DOT" dot -Tcanon -o out/canon.dot out/x.dot
is "$(dot -Tsvg out/x.dot 2>&1 >out/dot.svg | grep -iE 'error|syntax')" "" \
    "and finds no error in it"

# The cache: JSON for a parser that is strict, and the same names in it.
cat >names.py <<'E'
import json

exec(open("make.py").read())

def refuse(word):
    raise ValueError(word)

with open("out/x.json", "rb") as file:
    graph = json.loads(file.read().decode("utf-8"), parse_constant=refuse)
found = {node["name"] for node in graph["nodes"].values()}
for name in NAMES:
    fixed = "".join("\ufffd" if 0xd800 <= ord(c) < 0xe000 else c for c in name)
    assert fixed in found, ascii(name[:40])
E
ok "the JSON is strict, and has each name" python3 names.py
ok "and can be drawn" "$NNVIZ" -q out/x.json --keep -d -1 -o out/again.svg

# Tables: a spreadsheet finds no formula, a table keeps its columns.
cat >csvs.py <<'E'
import csv

csv.field_size_limit(1 << 24)
with open("out/x.csv", encoding="utf-8", newline="") as file:
    rows = [row for row in csv.reader(file)]
assert len(rows) > 40
for row in rows:
    assert len(row) == len(rows[0]), row
    for cell in row:
        number = cell.lstrip("-").replace(".", "", 1).isdigit()
        assert cell[:1] not in tuple("=+-@\t\r") or number, cell
E
ok "the CSV is rectangular, and without formulas" python3 csvs.py
cat >marks.py <<'E'
import re

text = open("out/x.md", encoding="utf-8").read()
widths = set()
for line in text.split("\n"):
    assert "<" not in line and "\x1b" not in line, line
    if line.startswith("|"):
        widths.add(len(re.findall(r"(?<!\\)(?:\\\\)*\|", line)))
assert len(widths) == 1, widths
E
ok "the Markdown has one table, without markup" python3 marks.py

# A terminal: nothing that it obeys, in tables, warnings and failures.
cat >terminal.py <<'E'
import sys
import unicodedata

text = open(sys.argv[1], "rb").read().decode("utf-8")
for c in text:
    shown = c == "\n" or unicodedata.category(c) not in ("Cc", "Cs", "Zl", "Zp")
    assert shown and not 0x202a <= ord(c) <= 0x202e, hex(ord(c))
    assert not 0x2066 <= ord(c) <= 0x2069, hex(ord(c))
E
ok "the table is harmless" python3 terminal.py out/x.txt
ok "the tree is harmless" python3 terminal.py out/x.tree
python3 - <<'E'
import pickle

evil = "\x1b]0;x\x07\u202e\n\u2028%n%s" + "y" * 5000
node = {"id": 1, "inputs": [evil], "outputs": [], "stacks": [evil],
        "attrs": {"is_var": evil, "name": evil, "shape": evil}}
trace = {1: node, evil: node, 2: dict(node, id=2, attrs={
    "is_var": "1", "name": evil, "shape": evil})}
with open("warned.pkl", "wb") as file:
    pickle.dump({"node_data": trace, "execute_op_info": {evil: evil}}, file)
with open("object.pkl", "wb") as file:
    file.write(b"cos\x1b[31m\nsys\x07tem\n.")
E
for file in warned.pkl object.pkl; do
	"$NNVIZ" "$file" -T svg -o out/warned.svg >out/said 2>&1
	ok "a message about $file is harmless" python3 terminal.py out/said
	ok "and is there, and short" \
	    awk '{ n += length } END { exit !(n > 20 && n < 8000) }' out/said
done
"$NNVIZ" evil.json -l "$(printf '\033[31m\342\200\256x\ny')" -o out/y.svg \
    >out/said 2>&1
is "$?" 1 "a path that is not there"
ok "is quoted harmlessly" python3 terminal.py out/said
is "$(wc -l <out/said)" 1 "on one line"

# Numbers say what they count, and arguments what they are.
like "$("$NNVIZ" "$top/samples/resnet.pkl" -q -d 1 -T dot -o -)" \
    '>512→1000 · 513.00K params, 4.39 %<' "parameters are called so"
like "$("$NNVIZ" "$top/samples/resnet18_traced.json" -q -d 1 -T dot -o -)" \
    '>start_dim=1<' "an argument by place has a name"
like "$("$NNVIZ" "$top/samples/resnet_train.pkl" -q --phase optimizer -d 1 -T dot \
    -o -)" '15 updates · ' "a group of updates"
"$NNVIZ" "$top/tests/traces/functional.pkl.gz" -q -d -1 -T dot -o whole.dot
is "$(grep -c '<B>max</B>' whole.dot)/$(grep -c '<B>maximum</B>' whole.dot)" \
    2/1 "the greatest element is no elementwise maximum"

done_testing
