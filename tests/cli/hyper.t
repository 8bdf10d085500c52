#!/bin/sh
# Hyper-parameters of layers, as a reader of the network's source knows them.
. "${0%/*}/../lib.sh"

# hyper MODEL KEY: the node's, from the graph as JSON.
hyper() {
	"$NNVIZ" "$1" -q -d -1 -T json -o - |
	    sed -n "s/^\"$2\":.*\"hyper\":{\([^}]*\)}.*/\1/p"
}

# Each row: model, node, what the source says.
check_rows() {
	while read -r model node expected; do
		is "$(hyper "$1/$model" "$node")" "$expected" "$model: $node"
	done
}

check_rows samples <<'ROWS'
resnet.pkl conv1 "kernel":"7×7","channels":"3→64","stride":"/2"
resnet.pkl layer1_0_conv1 "kernel":"3×3","channels":"64→64"
resnet.pkl layer2_0_downsample_0 "kernel":"1×1","channels":"64→128","stride":"/2"
resnet.pkl maxpool "kernel":"3×3","stride":"/2"
resnet.pkl avgpool "output":"→1×1"
resnet.pkl bn1 "features":"channels 64"
resnet.pkl fc "features":"512→1000"
transformer.pkl embed "table":"50×32"
transformer.pkl layers_0_norm1 "features":"features 32"
transformer.pkl layers_0_self_attn "heads":"heads 4","features":"features 32"
transformer.pkl layers_0_fc1 "features":"32→128"
transformer.pkl head "features":"32→50"
simple_model.pkl linear1 "features":"1→10"
simple_model.pkl linear2 "features":"10→1"
ROWS

if shared=$(shared_dir); then
	check_rows "$shared/traces" <<'ROWS'
mobilenet_v2.pkl features_0_0 "kernel":"3×3","channels":"3→32","stride":"/2"
mobilenet_v2.pkl features_1_conv_0_0 "kernel":"3×3","channels":"32→32","groups":"depthwise"
mobilenet_v2.pkl features_2_conv_1_0 "kernel":"3×3","channels":"96→96","stride":"/2","groups":"depthwise"
res2net50.pkl maxpool__layer "kernel":"3×3","stride":"/2"
unet_train.pkl up2 "kernel":"2×2","channels":"16→8","stride":"/2"
vgg11_train.pkl avgpool "output":"→7×7"
gru.pkl rnn "features":"8→16","layers":"2 layers"
ROWS
else
	skip "no large traces here" "hyper-parameters of large traces"
fi

# The same where the graph comes from its cache.
"$NNVIZ" samples/resnet.pkl -q -j -T dot -o "$tmp/resnet.dot"
is "$(hyper "$tmp/resnet.json" conv1)" \
    '"kernel":"7×7","channels":"3→64","stride":"/2"' "from the cache, too"

done_testing
