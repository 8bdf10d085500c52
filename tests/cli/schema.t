#!/bin/sh
# man/nnviz-graph.schema.json describes what is written, and what NNViz wrote.
# The checker knows the part of JSON Schema that the file uses, and stops at
# anything else, so that no keyword is passed over.
. "${0%/*}/../lib.sh"

cat >"$tmp/check.py" <<'EOF'
import json
import operator
import sys

TYPES = {
    "object": dict, "array": list, "string": str, "boolean": bool,
    "integer": int, "number": (int, float), "null": type(None),
}
SIZES = {
    "minItems": (list, operator.ge), "maxItems": (list, operator.le),
    "minProperties": (dict, operator.ge),
}
IGNORED = {"$schema", "$defs", "title", "description", "additionalProperties",
           "prefixItems"}


def is_type(value, name):
    if isinstance(value, bool) and name != "boolean":
        return False
    return isinstance(value, TYPES[name])


def fields(value, rule):
    known = rule.get("properties", {})
    rest = rule.get("additionalProperties", True)
    for key, item in value.items():
        where = known.get(key, rest)
        if where is False:
            yield "%s is not described" % key
        elif where is not True:
            yield from ("%s: %s" % (key, p) for p in problems(item, where))


def items(value, rule):
    first = rule.get("prefixItems", [])
    for i, item in enumerate(value):
        where = first[i] if i < len(first) else rule.get("items", {})
        yield from ("%d: %s" % (i, p) for p in problems(item, where))


def problems(value, rule):
    if isinstance(value, dict):
        yield from fields(value, rule)
    if isinstance(value, list):
        yield from items(value, rule)
    for keyword, wants in rule.items():
        if keyword in IGNORED or keyword in ("properties", "items"):
            continue
        if keyword == "$ref":
            yield from problems(value, schema["$defs"][wants.split("/")[-1]])
        elif keyword == "type":
            names = wants if isinstance(wants, list) else [wants]
            if not any(is_type(value, name) for name in names):
                yield "%r is no %s" % (value, " or ".join(names))
        elif keyword == "enum":
            if value not in wants:
                yield "%r is none of %s" % (value, wants)
        elif keyword == "const":
            if value != wants:
                yield "%r is not %r" % (value, wants)
        elif keyword == "required":
            if isinstance(value, dict):
                yield from ("no %s" % key for key in wants
                            if key not in value)
        elif keyword == "minimum":
            if is_type(value, "number") and value < wants:
                yield "%r is less than %r" % (value, wants)
        elif keyword in SIZES:
            kind, within = SIZES[keyword]
            if isinstance(value, kind) and not within(len(value), wants):
                yield "%s is not %d" % (keyword, wants)
        elif keyword == "anyOf":
            if all(list(problems(value, way)) for way in wants):
                yield "%r is none of what it may be" % (value,)
        else:
            sys.exit("the checker does not know %s" % keyword)


schema = json.load(open("man/nnviz-graph.schema.json"))
document = json.load(open(sys.argv[1]))
found = list(problems(document, schema))
print("\n".join(found[:5]))
sys.exit(bool(found))
EOF

check() {
	python3 "$tmp/check.py" "$1"
}

for sample in samples/*.json; do
	ok "NNViz's ${sample##*/} is as described" check "$sample"
done
n=0
while read -r sample options; do
	n=$((n + 1))
	# shellcheck disable=SC2086 # options are words
	run "$NNVIZ" "samples/$sample" $options -T json -o "$tmp/$n.json"
	is "$status" 0 "$sample $options is written"
	ok "and is as described" check "$tmp/$n.json"
done <<'ROWS'
simple_model.pkl -d -1
simple_model_train.pkl --level ops --phase all --keep -d -1
resnet_train.pkl --phase all -d 1
transformer.pkl --level ops -d -1
transformer.pkl -d 0
nested_specs.json -d -1
resnet18_traced.json -d 2 -l layer2
resnet.pkl --hide type:BatchNorm --fold similar
ROWS

# A check that cannot fail is none.
printf '{"nodes": {"a": {"node_type": "op", "name": "a", "extra": 1}}}' \
    >"$tmp/extra.json"
not_ok "a field that is not described is found" check "$tmp/extra.json"
printf '{"nodes": {"a": {"node_type": "cat", "name": "a"}}}' >"$tmp/type.json"
not_ok "and a word that is not one of the list" check "$tmp/type.json"
printf '{"nodes": {"a": {"node_type": "op", "name": "a"}}, "edges": [["a"]]}' \
    >"$tmp/edge.json"
not_ok "and an edge that is too short" check "$tmp/edge.json"
done_testing
