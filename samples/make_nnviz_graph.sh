#!/bin/sh
# Write the graph of a PyTorch model as NNViz caches it, for nnviz-c to draw.
#
#	sh make_nnviz_graph.sh                  resnet18_traced.json
#	sh make_nnviz_graph.sh efficientnet_b0  efficientnet_b0_traced.json
#	nnviz-c resnet18_traced.json -d 2 -o resnet18.pdf
#
# The model is one of torchvision, package.module:function or file.py:function.
# NNViz and PyTorch are installed into a virtual environment, ~/.cache/nnviz-env,
# the first time: about a gigabyte; NNViz needs Graphviz with its headers:
#
#	apt-get install graphviz libgraphviz-dev pkg-config gcc python3-dev
set -eu
model=${1:-resnet18}
stem=${model##*:}_traced
env=${XDG_CACHE_HOME:-$HOME/.cache}/nnviz-env

if [ ! -x "$env/bin/nnviz" ]; then
	python3 -m venv "$env"
	"$env/bin/pip" install nnviz
fi

# -j keeps the graph beside the picture; -i runs the model on an input of the
# usual size, without which no edge knows the shape of its tensor.
"$env/bin/nnviz" "$model" -i default -j -o "$stem.pdf"
echo "$stem.json"
