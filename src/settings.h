/* The style and the limits that options ask for. Command line only. */
#ifndef NNV_SETTINGS_H
#define NNV_SETTINGS_H

#include "limit.h"
#include "nnviz/style.h"
#include "options.h"

/* The style; NULL: failure. PROGRAM is argv[0]: styles of a checkout are found
 * beside it. */
struct nnv_style *nnv_settings_style(const struct nnv_options *options,
    const char *program, struct nnv_diag *diag);

/* The limits; that of time is one of the style. */
bool nnv_settings_limits(const struct nnv_options *options,
    struct nnv_limits *limits, struct nnv_style *style, struct nnv_diag *diag);

#endif
