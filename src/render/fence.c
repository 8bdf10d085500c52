/*
 * Graphviz, cairo, pango and fontconfig draw what a stranger's file says, and
 * a mistake in one of them may let the stranger in. What drawing never takes is
 * given away before: a filter of system calls (seccomp, Linux) refuses what is
 * named here and lets all else pass, so that another C library, a sanitizer or
 * a profiler finds what it needs. Files are not in it: fontconfig may have to
 * write its cache.
 *
 * Of files one kind does matter: /proc/1234/mem is the memory of a process,
 * ours included, for whoever may trace it. Who is in a domain of Landlock may
 * trace nobody outside: there is one, which forbids nothing that drawing does.
 *
 * Neither is a reason to fail: where the kernel, or a container, has no such
 * thing, drawing goes on without.
 */
#define _GNU_SOURCE
#include "fence.h"

#if defined(__linux__) && (defined(__x86_64__) || defined(__aarch64__))

#include <stddef.h>
#include <stdint.h>

#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#ifdef __x86_64__
#define MACHINE AUDIT_ARCH_X86_64
#else
#define MACHINE AUDIT_ARCH_AARCH64
#endif

/* Layout is not slowed down to guard against itself (Linux 4.17). */
#ifndef SECCOMP_FILTER_FLAG_SPEC_ALLOW
#define SECCOMP_FILTER_FLAG_SPEC_ALLOW (1UL << 2)
#endif

/* Older headers have no names for these. */
#ifndef SYS_io_uring_setup
#define SYS_io_uring_setup 425
#endif
#ifndef SYS_pidfd_getfd
#define SYS_pidfd_getfd 438
#endif
#ifndef SYS_pidfd_send_signal
#define SYS_pidfd_send_signal 424
#endif
#ifndef SYS_landlock_create_ruleset
#define SYS_landlock_create_ruleset 444
#define SYS_landlock_restrict_self 446
#endif

/* Programs; networks; other processes; what is another way to all of them. */
static const uint32_t refused[] = { SYS_execve, SYS_execveat, SYS_socket,
	SYS_socketpair, SYS_connect, SYS_bind, SYS_listen, SYS_accept,
	SYS_accept4, SYS_ptrace, SYS_process_vm_readv, SYS_process_vm_writev,
	SYS_pidfd_getfd, SYS_kill, SYS_tkill, SYS_rt_sigqueueinfo,
	SYS_rt_tgsigqueueinfo, SYS_pidfd_send_signal, SYS_io_uring_setup,
	SYS_unshare, SYS_setns, SYS_mount, SYS_umount2, SYS_pivot_root,
	SYS_chroot, SYS_bpf, SYS_perf_event_open, SYS_userfaultfd, SYS_keyctl,
	SYS_add_key, SYS_request_key, SYS_open_by_handle_at };

enum {
	NREFUSED = sizeof(refused) / sizeof(*refused),
	HEAD = 4, /* instructions before the list, and behind it */
	TAIL = 5,
	FOREIGN = 0x40000000 /* x32 on x86-64: other numbers for the same */
};

static struct sock_filter
load(size_t field)
{
	return (struct sock_filter)BPF_STMT(BPF_LD | BPF_W | BPF_ABS,
	    (uint32_t)field);
}

/* Go on THEN instructions further if the number is VALUE, or ELSE further. */
static struct sock_filter
compare(uint16_t how, uint32_t value, size_t then, size_t otherwise)
{
	return (struct sock_filter)BPF_JUMP((uint16_t)(BPF_JMP | BPF_K | how),
	    value, (uint8_t)then, (uint8_t)otherwise);
}

static struct sock_filter
answer(uint32_t action)
{
	return (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, action);
}

/* All files stay as they are: devices are all that nobody may make. */
static void
forbid_tracing(void)
{
	const uint64_t devices = 1 << 6 | 1 << 11; /* MAKE_CHAR, MAKE_BLOCK */
	long fd = syscall(SYS_landlock_create_ruleset, &devices,
	    sizeof(devices), 0);

	if (fd < 0)
		return;
	syscall(SYS_landlock_restrict_self, fd, 0);
	close((int)fd);
}

static void
filter_calls(void)
{
	struct sock_filter code[HEAD + NREFUSED + TAIL];
	const struct sock_fprog program = { HEAD + NREFUSED + TAIL, code };
	/* where the answer is no */
	const size_t no = HEAD + NREFUSED + TAIL - 1;
	size_t n = 0;

	code[n++] = load(offsetof(struct seccomp_data, arch));
	code[n] = compare(BPF_JEQ, MACHINE, 0, no - n - 1);
	n++;
	code[n++] = load(offsetof(struct seccomp_data, nr));
	code[n] = compare(BPF_JGE, FOREIGN, no - n - 1, 0);
	n++;
	for (size_t i = 0; i < NREFUSED; i++, n++)
		code[n] = compare(BPF_JEQ, refused[i], no - n - 1, 0);
	/* abort() sends a signal, to this process */
	code[n++] = compare(BPF_JEQ, SYS_tgkill, 0, 2);
	code[n++] = load(offsetof(struct seccomp_data, args[0]));
	code[n++] = compare(BPF_JEQ, (uint32_t)getpid(), 0, 1);
	code[n++] = answer(SECCOMP_RET_ALLOW);
	code[n++] = answer(SECCOMP_RET_ERRNO | 1);
	syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER,
	    SECCOMP_FILTER_FLAG_SPEC_ALLOW, &program);
}

void
nnv_fence_raise(void)
{
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0)
		return;
	forbid_tracing();
	filter_calls();
}

#else

void
nnv_fence_raise(void)
{
}

#endif
