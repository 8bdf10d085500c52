#!/bin/sh
# The look of arrows: what stands beside them, how strong they are, and that
# they keep to their frames.
. "${0%/*}/../lib.sh"

run "$NNVIZ" tests/traces/res2net50.pkl.gz -l layer1.0 --idioms -d -1 -T dot -o -
is "$(printf '%s\n' "$out" | grep -c 'label=" *26×16×16')" 1 \
	"of four equal parts one arrow says the shape"
run "$NNVIZ" tests/traces/res2net50.pkl.gz -l layer1.0 --idioms -d -1 \
	-S specs=all -T dot -o -
is "$(printf '%s\n' "$out" | grep -c 'label=" *26×16×16')" 14 \
	"unless all are to say theirs"

run "$NNVIZ" samples/resnet.pkl --highlight layer1.0.conv1 -d -1 -T dot -o -
unlike "$out" "class=faded" "what leads to it or comes from it is not pale"
run "$NNVIZ" samples/resnet.pkl --highlight layer2.0.downsample -d -1 -T dot -o -
is "$(printf '%s\n' "$out" | grep -c 'class=faded')" 6 \
	"arrows to and from what is pale are pale"
is "$(printf '%s\n' "$out" | grep -A1 'class=faded' | grep -c '#d1d5da')" 6 \
	"in a pale colour"

run "$NNVIZ" samples/resnet.pkl --highlight lyaer2 -T dot -o -
is "$status" 0 "a place that is unknown is drawn all the same"
like "$err" 'warning: --highlight: nothing is called "lyaer2": nearest .*"layer2"' \
	"with a word on what is near"
unlike "$out" "class=faded" "and nothing is pale"

# How far frames, and the skips in them, reach: to the right, and up.
reach() {
	python3 - "$1" <<'PY'
import re, sys
svg = open(sys.argv[1], encoding="utf-8").read()
def curves(kind):
    for group in re.findall(r'<g [^>]*class="[^"]*\b%s\b.*?</g>\n' % kind,
                            svg, re.S):
        path = re.search(r' d="([^"]*)"', group)
        if path:
            p = [complex(*map(float, p.split(",")))
                 for p in re.findall(r'-?[\d.]+,-?[\d.]+', path.group(1))]
            yield [sum(c * (1 - t) ** (3 - k) * t ** k * p[i + k]
                       for k, c in enumerate((1, 3, 3, 1)))
                   for i in range(0, len(p) - 3, 3)
                   for t in (0, .25, .5, .75, 1)]
frames, skips = list(curves("cluster")), list(curves("skip"))
def right(group):
    return max(p.real for curve in group for p in curve)
def up(group):
    return max(-p.imag for curve in group for p in curve)
print(len(frames), len(skips), right(skips[-1:]) + 4 < right(frames[-1:]),
      up(skips[-1:]) + 4 < up(frames[-1:]))
PY
}
run "$NNVIZ" samples/resnet.pkl -l layer2 -d -1 -o "$tmp/layer2.svg"
is "$(reach "$tmp/layer2.svg")" "3 2 True True" "skips end inside their frame"
run "$NNVIZ" samples/resnet.pkl -l layer2 -d -1 --direction LR \
    -o "$tmp/layer2.svg"
is "$(reach "$tmp/layer2.svg")" "3 2 True True" \
    "also where they would leave it at the top"
for way in TB LR; do
	run "$NNVIZ" samples/resnet.pkl --max-nodes 20 --direction $way \
	    -o "$tmp/inner.svg"
	is "$(reach "$tmp/inner.svg")" "2 1 True True" \
	    "and where the frame is in another: $way"
done

# The shapes that an arrow, its own or another, leads through.
run "$NNVIZ" tests/traces/res2net50.pkl.gz -l layer1.0 -d -1 -o "$tmp/block.svg"
is "$(python3 - "$tmp/block.svg" <<'PY'
import re, sys
svg = open(sys.argv[1], encoding="utf-8").read()
points, shapes = [], []
for group in re.findall(r'<g id="edge.*?</g>\n', svg, re.S):
    p = [complex(*map(float, p.split(","))) for p in re.findall(
        r'-?[\d.]+,-?[\d.]+', re.search(r' d="([^"]*)"', group).group(1))]
    points += [sum(c * (1 - t) ** (3 - k) * t ** k * p[i + k]
                   for k, c in enumerate((1, 3, 3, 1)))
               for i in range(0, len(p) - 3, 3)
               for t in (n / 64 for n in range(65))]
    shapes += re.findall(r'<text[^>]* x="(.*?)" y="(.*?)".*?> *(.*?)</text>',
                         group)
print(len(shapes), *(text for x, y, text in shapes
                     if any(abs(p.real - float(x)) < len(text) * 2.3 and
                            -7 < p.imag - float(y) < 1 for p in points)))
PY
)" 10 "no arrow leads through the shapes"

# What is said beside the arrows in place of boxes takes room: lines that run
# beyond the page, and over boxes.
said() {
	python3 - "$1" <<'PY'
import re, sys
svg = open(sys.argv[1], encoding="utf-8").read()
left, top, width, height = map(
    float, re.search(r'viewBox="(.*?)"', svg)[1].split())
dx, dy = map(float, re.search(r'translate\((\S+) (\S+)\)', svg).groups())
boxes, lines = [], []
for group in re.findall(r'<g id="[^"]*" class="node.*?</g>\n', svg, re.S):
    p = [complex(*map(float, p.split(","))) for p in re.findall(
        r'-?[\d.]+,-?[\d.]+', group)]
    if p:
        boxes.append((min(q.real for q in p), min(q.imag for q in p),
                      max(q.real for q in p), max(q.imag for q in p)))
for group in re.findall(r'<g id="edge.*?</g>\n', svg, re.S):
    for anchor, x, y, text in re.findall(
            r'<text text-anchor="(.*?)"[^>]* x="(.*?)" y="(.*?)".*?> *(.*?)<',
            group):
        wide = 3.9 * len(text)
        x, y = float(x) + (2 if anchor == "start" else -wide / 2), float(y)
        lines.append((x, y - 6, x + wide, y))
print(len(lines) > 20,
      sum(x + dx < left or r + dx > left + width for x, _, r, _ in lines),
      sum(x < c and r > a and up < d and down > b
          for x, up, r, down in lines for a, b, c, d in boxes))
PY
}
run "$NNVIZ" samples/transformer.pkl --no-plumbing --level ops -d -1 \
    -o "$tmp/words.svg"
is "$(said "$tmp/words.svg")" "True 0 0" "words stand on the page, and clear of boxes"

# Many tensors from one box to another are one arrow, a few are not.
for n in 32 28; do
	python3 tests/bench/gen_graph.py unet $n "$tmp/unet.json"
	run "$NNVIZ" "$tmp/unet.json" -q -d 1 -T dot -o "$tmp/unet.dot"
	eval "arrows$n=\$(grep -c '	down -> up' \"$tmp/unet.dot\")"
	eval "words$n=\$(sed -n 's/.*taillabel=\"\(.* tensors.*\)\".*/\1/p' \
	    \"$tmp/unet.dot\")"
done
# shellcheck disable=SC2154 # set above
is "$arrows32: $words32" "1: 9 tensors of 64×56×56" "many arrows are one"
# shellcheck disable=SC2154
is "$arrows28: $words28" "8: " "few are as many"
run "$NNVIZ" "$tmp/unet.json" -q -d 1 -T json -o -
is "$(printf '%s' "$out" | python3 -c '
import json, sys
print(len(json.load(sys.stdin)["edges"]))')" 11 "and a graph keeps all of them"

done_testing
