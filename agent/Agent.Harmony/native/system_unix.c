/* Linux, whatever its C library, and macOS. No libc header: the few functions are bound when the library is loaded, by the process. */
#include "system.h"

/* From libc and libpthread. */
extern int pthread_create(word *thread, const void *attributes, void *(*start)(void *), void *argument);
extern int pthread_join(word thread, void **result);
extern int sched_yield(void);
extern void *malloc(word size);
extern void free(void *memory);
extern int socket(int domain, int type, int protocol);
extern int setsockopt(int fd, int level, int option, const void *value, u32 length);
extern int connect(int fd, const void *address, u32 length);
extern i64 read(int fd, void *buffer, word count);
extern i64 write(int fd, const void *buffer, word count);
extern int close(int fd);
#ifdef __APPLE__
extern int *__error(void);
#define errno (*__error())
#else
extern int *__errno_location(void);
#define errno (*__errno_location())
#endif

enum {
    EINTR = 4, AF_UNIX = 1,
#ifdef __APPLE__
    SOCKET_TYPE = 1 /* SOCK_STREAM */, SOL_SOCKET = 0xffff, SO_SNDTIMEO = 0x1005, SO_RCVTIMEO = 0x1006
#else
    SOCKET_TYPE = 1 | 0x80000 /* SOCK_STREAM | SOCK_CLOEXEC: not for processes the app starts meanwhile */,
    SOL_SOCKET = 1, SO_SNDTIMEO = 21, SO_RCVTIMEO = 20
#endif
};

void *system_allocate(word size) { return malloc(size); }
void system_free(void *memory) { free(memory); }
void system_yield(void) { sched_yield(); }

struct start { void (*run)(void *); void *argument; };

static void *started(void *argument)
{
    struct start *start = argument;
    start->run(start->argument);
    return 0;
}

int system_run(void (*run)(void *), void *argument)
{
    struct start start = { run, argument };
    word thread;
    if (pthread_create(&thread, 0, started, &start) != 0)
        return 0;
    pthread_join(thread, 0);
    return 1;
}

int port_connect(struct port *port, const void *address, u32 length, u32 timeout_ms)
{
    int fd = socket(AF_UNIX, SOCKET_TYPE, 0);
    if (fd < 0)
        return PORT_NONE;
    struct { i64 seconds, microseconds; } wait = { timeout_ms / 1000, timeout_ms % 1000 * 1000 }; /* timeval */
    setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &wait, sizeof wait);
    setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &wait, sizeof wait); /* also how long connect waits */
    int connected;
    do
        connected = connect(fd, address, length); /* waits only where many connections are waiting already */
    while (connected != 0 && errno == EINTR);
    if (connected != 0) {
        close(fd);
        return PORT_REFUSED;
    }
    port->handle = fd;
    port->timeout_ms = timeout_ms;
    return PORT_OPEN;
}

/* On a socket with a timeout the system does not restart by itself what a signal interrupts, whatever the signal's handler wants. */
int port_write(struct port *port, const u8 *bytes, word count)
{
    while (count > 0) {
        i64 written = write((int)port->handle, bytes, count);
        if (written < 0 && errno == EINTR)
            continue;
        if (written <= 0)
            return 0;
        bytes += written;
        count -= (word)written;
    }
    return 1;
}

int port_read(struct port *port, u8 *bytes, word count)
{
    while (count > 0) {
        i64 got = read((int)port->handle, bytes, count);
        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0)
            return 0;
        bytes += got;
        count -= (word)got;
    }
    return 1;
}

void port_close(struct port *port) { close((int)port->handle); }
