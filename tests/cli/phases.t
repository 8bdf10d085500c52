#!/bin/sh
# The other phases of a recording, and the steps of training in it.
. "${0%/*}/../lib.sh"

# names MODEL OPTION...: of the drawn nodes, in order.
names() {
	"$NNVIZ" -q -T json -o - "$@" | tests/tools/graph names -
}

# ask QUESTION MODEL OPTION...
ask() {
	question=$1
	shift
	"$NNVIZ" -q -T json -o - "$@" | tests/tools/graph "$question" -
}

train=samples/simple_model_train.pkl
resnet=samples/resnet_train.pkl

is "$(names $train --phase backward)" "loss linear2 relu1 linear1" \
    "the backward pass is a layer of gradients for each layer"
is "$(names $train --phase optimizer -d -1)" \
    "linear1.w linear1.b linear2.w linear2.b" \
    "an optimizer is an update for each parameter"
like "$(names $train --phase init -d -1)" "^linear1.w linear1.b linear2.w linear2.b SGD" \
    "construction makes each parameter"
is "$(ask parameters $resnet --phase optimizer)" 11689512 \
    "updates hold every parameter"
is "$(ask parameters $resnet --phase init -d 0)" 11689512 \
    "construction holds every parameter, collapsed too"

"$NNVIZ" -q --phase both -T dot -o "$tmp/both.dot" $resnet
like "$(cat "$tmp/both.dot")" 'class=gradient' "gradients have a class"
like "$(cat "$tmp/both.dot")" 'style=dashed' "and are dashed"
like "$(cat "$tmp/both.dot")" 'forward and backward pass' \
    "the title says what is drawn"
# The ends of a part belong to the pass that they are ends of: the backward pass
# stands upside down beside the forward pass from its input to its output.
"$NNVIZ" -q --phase both -l layer1.0 -T dot -o "$tmp/part.dot" $resnet
for arrow in '"relu#3" -> "from_backward.layer1.1"' \
    '"to_backward.maxpool" -> "add#2"'; do
	like "$(grep -F -A1 "$arrow" "$tmp/part.dot")" 'class=gradient' \
	    "gradients enter and leave a part: $arrow"
done
run "$NNVIZ" -q --phase both -T svg -o - $resnet
is "$status" 0 "both can be laid out"
run "$NNVIZ" -q --phase all -T svg -o - $resnet
is "$status" 0 "all phases can be laid out"
for phase in both all optimizer; do
	ok "no arrow leads back with --phase $phase" sh -c \
	    '"$NNVIZ" -q --level ops -d -1 --phase '$phase' -T json -o - '"$train"' |
	    tests/tools/graph acyclic -'
	"$NNVIZ" -q -j --phase $phase -T dot -o "$tmp/$phase.dot" $resnet
	"$NNVIZ" -q --phase $phase -T dot -o "$tmp/again.dot" \
	    "$tmp/$phase.json"
	ok "--phase $phase is the same from the cache" \
	    cmp "$tmp/$phase.dot" "$tmp/again.dot"
done

# What was drawn is read as it was drawn: nothing is chosen twice.
for phase in forward backward both optimizer init all; do
	for view in "-d -1" "-d 1" "-d -1 --hide linear1*" \
	    "-d -1 --around linear2 --hops 1" "--level ops -d -1" \
	    "-d -1 --keep" "-d -1 --no-plumbing --keep"; do
		set -- --phase $phase
		case $view in *ops*) set -- "$@" --level ops ;; esac
		case $view in *keep*) set -- "$@" --keep ;; esac
		# shellcheck disable=SC2086 # options are words
		"$NNVIZ" -q $train --phase $phase $view -T json -o "$tmp/a.json"
		"$NNVIZ" -q "$tmp/a.json" "$@" -d -1 -T json -o "$tmp/b.json"
		ok "--phase $phase $view is read as it was drawn" \
		    cmp "$tmp/a.json" "$tmp/b.json"
	done
done
"$NNVIZ" -q $train --phase all -d -1 -T json -o "$tmp/a.json"
for phase in forward backward optimizer init; do
	is "$(names "$tmp/a.json" --phase $phase -d -1 |
	    tr ' ' '\n' | grep -v put)" \
	    "$(names $train --phase $phase -d -1 | tr ' ' '\n' |
	    grep -v put)" "--phase $phase of a drawing of all phases"
done

# Four calls of one layer: what they give to its weight and its bias is added
# up, against the order in which the gradients run. One arrow for both, and it
# does not move the boxes.
shared=tests/traces/recycled_train.pkl.gz
for phase in both backward; do
	"$NNVIZ" -q --phase $phase -T dot -o "$tmp/$phase.dot" $shared
	is "$(tr -d '\n' <"$tmp/$phase.dot" | sed 's/];/];\n/g' |
	    grep 'class=gradient' | grep -c constraint=false)" 3 \
	    "one arrow for each sum, --phase $phase"
done
is "$(grep -c 'style=dashed' "$tmp/both.dot")" \
    "$(grep -c 'style=dashed' "$tmp/backward.dot")" \
    "gradients are dashed alone, too"
"$NNVIZ" -q --phase backward -d 1 -T dot -o "$tmp/alone.dot" $resnet
like "$(cat "$tmp/alone.dot")" 'batch 2' "and have a batch"
unlike "$(cat "$tmp/alone.dot")" 'parameters' "but no parameters"
like "$(cat "$tmp/alone.dot")" '7×7, 3→64, /2' \
    "a gradient is told by what its layer is told by"

gan=tests/traces/gan.pkl.gz
is "$("$NNVIZ" -q --phase backward -T dot -o - $gan |
    grep -c '"discriminator.model#2" -> "discriminator.model#3"')" 1 \
    "gradients between two boxes are one arrow"
like "$("$NNVIZ" -q -d -1 -T dot -o - $gan)" '>Sequential · call 2 of 3<' \
    "a frame tells which call it is, or what it stands for as well"

# However many boxes more the backward pass has: sums, pieces of what was joined.
"$NNVIZ" -q --phase both -o "$tmp/unet.svg" tests/traces/unet_train.pkl.gz
is "$(python3 - "$tmp/unet.svg" <<'PY'
import re, sys
svg = open(sys.argv[1], encoding="utf-8").read()
def middle(name):
    box = re.search(r'<g id="%s".*? d="([^"]*)"' % re.escape(name), svg, re.S)
    ys = [float(y) for y in re.findall(r',(-?[\d.]+)', box.group(1))]
    return (min(ys) + max(ys)) / 2
layers = "d1.conv d2.conv d3.conv up2 u2.conv up1 u1.conv out"
print(*(layer for layer in layers.split()
        if abs(middle("forward." + layer) - middle("backward." + layer)) < 2))
PY
)" "d1.conv d2.conv d3.conv up2 u2.conv up1 u1.conv out" \
    "each gradient stands level with what it is of"
is "$(sed -n 's/.*<text[^>]* y="\([^"]*\)".*>\(for\|back\)ward<.*/\1/p' \
    "$tmp/unet.svg" | uniq -c | awk '{ print $1 }')" 2 \
    "and both frames begin on one line"
for direction in LR RL BT; do
	"$NNVIZ" -q --phase both --direction $direction -o "$tmp/unet.svg" \
	    tests/traces/unet_train.pkl.gz
	case $direction in
	BT)	at=y ;;
	RL)	at=right ;;
	*)	at=x ;;
	esac
	is "$(python3 - "$tmp/unet.svg" $at <<'PY'
import re, sys
svg = open(sys.argv[1], encoding="utf-8").read()
def ends(group):
    path = re.search(r' d="([^"]*)"', group).group(1)
    p = [tuple(map(float, p.split(",")))
         for p in re.findall(r'-?[\d.]+,-?[\d.]+', path)]
    xs, ys = zip(*p)
    return {"x": min(xs), "right": max(xs), "y": max(ys)}[sys.argv[2]]
frames = re.findall(r'<g [^>]*depth1 phase".*?</g>', svg, re.S)
print(len(frames), len({ends(frame) for frame in frames}))
PY
)" "2 1" "on one line, too, with --direction $direction"
done

run "$NNVIZ" -q --step 2 -T dot -o - $train
is "$status" 1 "a step that was not recorded is a failure"
like "$err" "no step 2: the file holds 1" "that says how many there are"
run "$NNVIZ" -q --step 0 -T dot -o - $train
is "$status" 2 "steps count from 1"

if shared=$(shared_dir); then
	two=$shared/traces/trainer_class.pkl
	is "$(ask counts "$two" --step all -d -1)" "18 18" \
	    "two steps of training"
	is "$(ask counts "$two" -d -1)" "9 9" "are drawn once"
	is "$(ask counts "$two" --step 2 -d -1)" "9 9" "or one of them"
	is "$(names "$two" --step 2 -d -1)" "$(names "$two" --step 1 -d -1)" \
	    "which are alike"
	like "$("$NNVIZ" -q -T dot -o - "$two")" '×2 steps' \
	    "the title says how many there were"
	like "$("$NNVIZ" -q --step 2 -T dot -o - "$two")" 'step 2 of 2' \
	    "or which it is"
	is "$(ask counts "$shared/traces/gan.pkl" -d 1)" \
	    "$(ask counts "$shared/traces/gan.pkl" -d 1 --step all)" \
	    "three calls in one step are no steps"
else
	skip "no large traces here" "steps of training"
fi

done_testing
