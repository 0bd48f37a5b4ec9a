"""What a child process may cost; it says so itself before it opens anything, and knows nothing of Django."""

import resource


def limit(*, cpu_seconds, memory_bytes, output_bytes=0):
    """Bound this process for good: processor seconds, bytes of address space, bytes of each file that it writes."""
    resource.setrlimit(resource.RLIMIT_CPU, (cpu_seconds, cpu_seconds + 1))
    resource.setrlimit(resource.RLIMIT_AS, (memory_bytes, memory_bytes))
    resource.setrlimit(resource.RLIMIT_FSIZE, (output_bytes, output_bytes))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
