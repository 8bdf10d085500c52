#!/bin/sh
# What is said to who mistyped, misnamed, or asked for what a file has not.
. "${0%/*}/../lib.sh"

sample=$top/samples/simple_model.pkl
train=$top/samples/simple_model_train.pkl
graph=$top/samples/resnet18_traced.json
mkdir "$tmp/work" "$tmp/nnviz-c"
ln -s "$top/styles" "$tmp/nnviz-c/styles"
export XDG_CONFIG_HOME="$tmp"
cd "$tmp/work" || exit 1

# says STATUS ERE NAME ARGUMENT...: the status, and a line of what is said.
says() {
	says_status=$1
	says_line=$2
	says_name=$3
	shift 3
	run "$NNVIZ" "$@"
	is "$status" "$says_status" "status $says_status: $says_name"
	like "$err" "$says_line" "$says_name"
}

# silent NAME ARGUMENT...: done, and nothing is said.
silent() {
	silent_name=$1
	shift
	run "$NNVIZ" "$@"
	is "$status:$err" "0:" "$silent_name"
}

says 2 'unknown option "--output": did you mean "--out"\?$' \
    "an option with more behind" "$sample" --output x
says 2 'unknown option "--color": did you mean "--color-by"\?$' \
    "the beginning of an option" "$sample" --color macs
says 2 'unknown option "--dpi": it is a key of the style: -S dpi=VALUE$' \
    "a key as an option" "$sample" --dpi 300
says 2 'unknown option "--show-title": .* -S show_title=VALUE$' \
    "a key with hyphens" "$sample" --show-title=no
says 2 'unknown option "--xyzzy"$' "an option that is near to nothing" \
    "$sample" --xyzzy
cp "$sample" ./-x.pkl
says 2 'a file of that name is "./-x.pkl"$' "a file that looks like options" \
    -x.pkl
silent "which is taken by that name" ./-x.pkl -o x.svg
says 2 'KEY=VALUE: "legend": it wants true\|false$' "a key without a value" \
    "$sample" -S legend

says 1 '^nnviz-c: resnet18: no such file: a model is read from the file' \
    "the name of a model" resnet18
says 1 '^nnviz-c: torchvision.models:resnet18: no such file: a model is' \
    "the name of a function" torchvision.models:resnet18
says 1 '^nnviz-c: resnet18.pkl: cannot open: No such file' \
    "a file that is not there" resnet18.pkl

printf '\200\002ctorch._utils\n_rebuild_tensor_v2\n.' >weights.pth
says 1 'only plain data is read: weights of PyTorch hold no graph: nnviz MODEL -j' \
    "weights of PyTorch" weights.pth
printf '\200\002cjittor.nn\nConv\n.' >model.pkl
says 1 'only plain data is read: a model of Jittor is no trace: jittor.dump' \
    "a model of Jittor" model.pkl
printf '\200\002ctorchlike\nX\n.' >other.pkl
says 1 'torchlike.X: only plain data is read$' "any other object" other.pkl

printf '<\0\0\0\0\0\0\0{"w":{"dtype":"F32","shape":[1]}}' >w.safetensors
says 1 'w.safetensors: safetensors: it holds no trace' \
    "weights, of which the size of the header is any byte" w.safetensors
echo 'import torch' >net.py
says 1 'net.py: neither .* made by jittor.dump_trace_data.. or nnviz MODEL' \
    "a program" net.py
says 2 'expected a number of levels, -1 for all, or "auto", found "x"' \
    "a depth that is none" "$sample" -d x
says 1 'no layer "zzzz": -T tree lists what there is$' \
    "a layer that is like none" "$sample" -l zzzz -o x.svg
says 1 'no layer "type:Linaer": nearest is "type:Linear"' \
    "a type that is mistyped" "$sample" -l type:Linaer
says 0 'no module "type:rleu": nearest is "type:relu"' \
    "a type that is mistyped, in a pattern" "$sample" -c type:rleu -o x.svg
says 2 'no style file "./odd.txt.style"' "a style file with another suffix" \
    "$sample" --theme ./odd.txt

# What is wrong with another file is not said of the model.
says 1 '^nnviz-c: no.csv: cannot open' "a profile that is not there" \
    "$sample" --profile no.csv -o x.svg
echo 'hello' >odd.csv
says 1 'no row of a profile .* in odd.csv$' "a profile without rows" \
    "$sample" --profile odd.csv -o x.svg
says 1 '^nnviz-c: no.rules: cannot open' "rules that are not there" \
    "$sample" --rules no.rules -o x.svg
echo 'fold x y' >odd.rules
says 1 '^nnviz-c: odd.rules:1: expected' "rules that are wrong" \
    "$sample" --rules odd.rules -o x.svg
says 1 '^nnviz-c: no/x.svg: cannot write: there is no such directory$' \
    "an output in a directory that is not there" "$sample" -o no/x.svg

# Bytes are not for a terminal, text is.
if command -v script >/dev/null; then
	on_terminal() {
		script -qec "'$NNVIZ' -q '$sample' -o - -T $1" /dev/null
	}
	like "$(on_terminal png)" 'output is a terminal: png is for a file' \
	    "no picture is written to a terminal"
	like "$(on_terminal dot)" '^digraph' "but text is"
else
	skip "there is no script(1)" "no picture is written to a terminal"
fi

says 1 'no backward operations: the file holds forward, init: see --phase$' \
    "a phase that is not there" "$sample" --phase backward -o x.svg

# What is asked for and not in the file.
says 0 'warning: --kernels: the file does not tell' "no kernels" \
    "$graph" --kernels -o x.svg
says 0 'warning: --values: the file does not tell' "no values" \
    "$graph" --values -o x.svg
says 0 'warning: --level ops: the file does not tell' "no operations" \
    "$graph" --level ops -o x.svg
run "$NNVIZ" "$sample" -T json -o drawn.json
says 0 'warning: --level ops: the file does not tell' \
    "no operations in a graph that was saved as it was drawn" \
    drawn.json --level ops -o x.svg
run "$NNVIZ" "$sample" -j -o whole.svg
silent "operations in a graph that was saved whole" \
    whole.json --level ops -o x.svg
says 0 'warning: --phase both: the file holds no backward pass$' \
    "no backward pass" "$sample" --phase both -o x.svg
says 0 'warning: color_by: no times are known of any box: --profile' \
    "no times to colour by" "$sample" --color-by time -o x.svg
says 0 'warning: size_by: no times' "no times to size by" \
    "$sample" --size-by time -o x.svg
silent "MACs are known" "$sample" --color-by macs --size-by params -o x.svg
says 0 'no box has the type or path of "color.linear3": nearest is "Linear"' \
    "a colour for nothing" "$sample" -S color.linear3=gold -o x.svg
silent "a colour for something" "$sample" -S 'color.Lin*=gold' \
    -S color.linear1=red -o x.svg
echo 'color.nothing = gold' >some.style
silent "a colour for nothing in a file of style" "$sample" \
    --theme ./some.style -o x.svg

# Jittor leaves an op or two out; more than that are a sign.
silent "gradients of an op that Jittor left out" "$train" --phase both -o x.svg
python3 - "$top/samples/resnet_train.pkl" <<'P'
import pickle, sys
trace = pickle.load(open(sys.argv[1], "rb"))
nodes = trace["node_data"]
named = {int(n["attrs"]["grad_op_id"]) for n in nodes.values()
         if "grad_op_id" in n["attrs"]}
for at in sorted(named & set(nodes))[:60]:
    del nodes[at]
pickle.dump(trace, open("lost.pkl", "wb"))
P
says 0 'warning: [0-9]+ gradient ops name a forward op that is not in' \
    "gradients of ops that are lost" lost.pkl --phase backward -d 1 -o x.svg

# Without fonts a picture is boxes, which libgvc does not tell.
echo '<fontconfig></fontconfig>' >fonts.conf
FONTCONFIG_FILE=$PWD/fonts.conf says 0 'warning: no font was found' \
    "no fonts" "$sample" -o x.png
silent "letters of equal width are a font" "$sample" -S fontname=monospace \
    -o x.png

done_testing
