/* A net from x to y, as JSON: what some tests of passes are written in. */
#ifndef NNVIZ_TESTS_NET_H
#define NNVIZ_TESTS_NET_H

#define EDGE(src, dst, shape)                                                  \
	"[\"" src "\", \"" dst "\", \"" src "\", {\"spec_type\": \"tensor\", " \
	"\"shape\": [" shape "], \"dtype\": \"float32\"}]"
#define NET(nodes, edges)                                                  \
	"{\"nodes\": {\"x\": {\"node_type\": \"input\", \"name\": \"x\", " \
	"\"path\": [\"x\"]}, " nodes "\"y\": {\"node_type\": \"output\", " \
	"\"name\": \"y\", \"path\": [\"y\"]}}, \"edges\": [" edges         \
	"], \"metadata\": {\"title\": \"Net\"}}"

#endif
