/* The command line. Used by main only. */
#ifndef NNV_OPTIONS_H
#define NNV_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "nnviz/diag.h"
#include "nnviz/str.h"

/* Values that an option may be given several times, in order. */
struct nnv_list {
	const char **items;
	size_t n, cap;
};

/* What was asked for; the texts are argv's. */
struct nnv_options {
	struct nnv_list models; /* paths, or "-" */
	const char *model;      /* the first of them, or the one at work */
	const char *out_dir;    /* where drawings go that have no -o */
	uint32_t jobs;          /* models at once; 0: as processors are */
	struct nnv_list out;    /* paths, "-"; none: named after the model */
	struct nnv_list check;  /* paths, which are compared, not written */
	struct nnv_list format; /* "svg", "svg,pdf"; none: by the suffix */
	const char *stats;      /* a path for a table beside the drawing */
	const char *sort;       /* what tables are sorted by, or NULL */
	const char *layer;      /* a dotted path, or NULL */
	int depth;              /* -1: all */
	bool depth_given;
	uint32_t max_nodes; /* 0: any number */
	bool one_page;      /* and no more than a page shows: -d auto */
	bool evenly;        /* and modules that are made alike all open or all
			       closed, which no option says */
	double merge;       /* share of parameters; negative: none */
	bool roll;          /* all calls of a module are one */
	bool plumbing;      /* reshapes and copies are nodes */
	const char *from, *to, *around; /* patterns, or NULL */
	uint32_t hops;
	bool hops_given;
	struct nnv_list highlight; /* patterns */
	uint32_t fold;             /* runs of so many alike are drawn once; 0:
				   never */
	uint32_t similar_above;    /* then of those that are only similar */
	uint32_t fold_above;       /* only in drawings of more nodes */
	bool fold_given;
	struct nnv_list collapse;     /* patterns */
	struct nnv_list expand, hide; /* patterns */
	struct nnv_list keys;         /* option and value, in turns: those that
				   are style keys, _ written as - */
	struct nnv_list style;        /* KEY=VALUE; "theme=NAME" among them */
	struct nnv_list strip;        /* prefixes of call sites */
	struct nnv_list limits;       /* NAME=VALUE */
	int step;             /* from 1, 0 or NNV_STEP_ALL: see pass.h */
	unsigned phases;      /* a set: bit 1 << phase */
	uint32_t layout_time; /* seconds before a layout is simplified */
	bool ops;             /* --level ops */
	const char *rules;    /* a file of rules, or NULL */
	bool idioms;          /* ops that are one idea are one node */
	bool idioms_given;
	const char *profile; /* a path, or NULL */
	bool kernels, values;
	bool pages;  /* of PDF: one a module */
	bool strict; /* what does not fit is a failure */
	bool keep, json, show, quiet, verbose;
	bool help, version, list_formats; /* instead of drawing */
	bool in_full;                     /* --help, not -h */
};

/*
 * Parse argv. False for bad usage: the diagnostic says in a line what is wrong.
 * The caller releases the options in either case.
 */
bool nnv_options_parse(struct nnv_options *options, int argc, char **argv,
    struct nnv_diag *diag);
void nnv_options_release(struct nnv_options *options);

/* An option, for the help; the letter or the value may be NULL. */
struct nnv_option {
	const char *letter, *name, *value, *help;
};

/* The I-th option, or that of NAME; false: there is none. */
bool nnv_option_row(size_t i, struct nnv_option *option);
bool nnv_option_named(struct nnv_str name, struct nnv_option *option);

#endif
