/* What the process that draws may not do. */
#ifndef NNVIZ_RENDER_FENCE_H
#define NNVIZ_RENDER_FENCE_H

/*
 * From now on this process, and each that it begins, starts no program, opens
 * no socket, neither looks into another process nor sends it a signal, and
 * reaches no rarer part of the kernel: it is told that it may not (EPERM). Does
 * nothing where the system has no such means.
 */
void nnv_fence_raise(void);

#endif
