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

# The right ends of frames and of the skips in them.
run "$NNVIZ" samples/resnet.pkl -l layer2 -d -1 -o "$tmp/layer2.svg"
is "$(python3 - "$tmp/layer2.svg" <<'PY'
import re, sys
svg = open(sys.argv[1], encoding="utf-8").read()
def right(kind):
    found = []
    for group in re.findall(r'<g [^>]*class="[^"]*\b%s\b.*?</g>\n' % kind,
                            svg, re.S):
        path = re.search(r' d="([^"]*)"', group)
        if path:
            found.append(max(float(p.split(",")[0])
                             for p in re.findall(r'-?[\d.]+,-?[\d.]+',
                                                 path.group(1))))
    return found
frames, skips = right("cluster"), right("skip")
print(len(frames), len(skips), max(skips) + 4 < max(frames))
PY
)" "3 2 True" "skips end inside their frame"

done_testing
