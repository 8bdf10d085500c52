/* Which files several models would write. Used by main only. */
#ifndef NNV_CLAIMS_H
#define NNV_CLAIMS_H

#include "nnviz/diag.h"
#include "options.h"

/* False: two models would write one file, or one of them another model. */
bool nnv_claims_check(const struct nnv_options *options, struct nnv_diag *diag);

#endif
