/* Windows: kernel32 and nothing else, no C runtime, no entry point. */
#include "system.h"

#define IMPORT __declspec(dllimport)
typedef void *handle;

IMPORT handle GetProcessHeap(void);
IMPORT void *HeapAlloc(handle heap, u32 flags, word size);
IMPORT int HeapFree(handle heap, u32 flags, void *memory);
IMPORT int SwitchToThread(void);
IMPORT handle CreateThread(const void *security, word stack, u32 (*start)(void *), void *argument, u32 flags, u32 *id);
IMPORT u32 WaitForSingleObject(handle object, u32 timeout_ms);
IMPORT int CloseHandle(handle object);
IMPORT u32 GetLastError(void);
IMPORT handle CreateFileW(const u16 *name, u32 access, u32 share, const void *security, u32 disposition, u32 flags, handle pattern);
IMPORT int WaitNamedPipeW(const u16 *name, u32 timeout_ms);
IMPORT handle CreateEventW(const void *security, int manual, int initial, const u16 *name);
struct overlapped { word internal, internal_high; u32 offset, offset_high; handle event; };
IMPORT int ReadFile(handle file, void *buffer, u32 count, u32 *done, struct overlapped *overlapped);
IMPORT int WriteFile(handle file, const void *buffer, u32 count, u32 *done, struct overlapped *overlapped);
IMPORT int GetOverlappedResult(handle file, struct overlapped *overlapped, u32 *done, int wait);
IMPORT int CancelIoEx(handle file, struct overlapped *overlapped);

enum {
    GENERIC_WRITE = 0x40000000, OPEN_EXISTING = 3, FILE_FLAG_OVERLAPPED = 0x40000000,
    SECURITY_SQOS_PRESENT = 0x00100000, /* and anonymous: whoever has made the pipe is not to act in our name */
    ERROR_PIPE_BUSY = 231, ERROR_IO_PENDING = 997, WAIT_OBJECT_0 = 0
};
#define GENERIC_READ 0x80000000u
#define INFINITE 0xffffffffu
#define INVALID_HANDLE ((handle)-1)

/* What the compiler calls for structures, and there is no library to have it. */
void *memset(void *to, int value, word count)
{
    volatile u8 *at = to;
    while (count-- > 0)
        *at++ = (u8)value;
    return to;
}

void *memcpy(void *to, const void *from, word count)
{
    volatile u8 *at = to;
    for (const u8 *source = from; count-- > 0;)
        *at++ = *source++;
    return to;
}

void *system_allocate(word size) { return HeapAlloc(GetProcessHeap(), 0, size); }
void system_free(void *memory) { if (memory) HeapFree(GetProcessHeap(), 0, memory); }
void system_yield(void) { SwitchToThread(); }

struct start { void (*run)(void *); void *argument; };

static u32 started(void *argument)
{
    struct start *start = argument;
    start->run(start->argument);
    return 0;
}

int system_run(void (*run)(void *), void *argument)
{
    struct start start = { run, argument };
    handle thread = CreateThread(0, 0, started, &start, 0, 0);
    if (!thread)
        return 0;
    WaitForSingleObject(thread, INFINITE);
    CloseHandle(thread);
    return 1;
}

/* address: the name of the pipe, UTF-16, with its terminator. */
int port_connect(struct port *port, const void *address, u32 length, u32 timeout_ms)
{
    (void)length;
    handle pipe;
    do
        pipe = CreateFileW(address, GENERIC_READ | GENERIC_WRITE, 0, 0, OPEN_EXISTING, FILE_FLAG_OVERLAPPED | SECURITY_SQOS_PRESENT, 0);
    while (pipe == INVALID_HANDLE && GetLastError() == ERROR_PIPE_BUSY && WaitNamedPipeW(address, timeout_ms));
    if (pipe == INVALID_HANDLE)
        return PORT_REFUSED;
    port->handle = (i64)pipe;
    port->timeout_ms = timeout_ms;
    return PORT_OPEN;
}

/* One read or write: at most timeout_ms. Returns how many bytes, 0 if none. */
static u32 transfer(struct port *port, u8 *into, const u8 *from, u32 count)
{
    handle pipe = (handle)port->handle;
    struct overlapped overlapped = { 0, 0, 0, 0, CreateEventW(0, 1, 0, 0) };
    u32 done = 0;
    if (!overlapped.event)
        return 0;
    int finished = into ? ReadFile(pipe, into, count, 0, &overlapped) : WriteFile(pipe, from, count, 0, &overlapped);
    if (finished || GetLastError() == ERROR_IO_PENDING) {
        if (WaitForSingleObject(overlapped.event, port->timeout_ms) != WAIT_OBJECT_0)
            CancelIoEx(pipe, &overlapped);
        if (!GetOverlappedResult(pipe, &overlapped, &done, 1)) /* also until what is cancelled is over: it writes to our stack */
            done = 0;
    }
    CloseHandle(overlapped.event);
    return done;
}

int port_write(struct port *port, const u8 *bytes, word count)
{
    while (count > 0) {
        u32 written = transfer(port, 0, bytes, (u32)count);
        if (written == 0)
            return 0;
        bytes += written;
        count -= written;
    }
    return 1;
}

int port_read(struct port *port, u8 *bytes, word count)
{
    while (count > 0) {
        u32 got = transfer(port, bytes, 0, (u32)count);
        if (got == 0)
            return 0;
        bytes += got;
        count -= got;
    }
    return 1;
}

void port_close(struct port *port) { CloseHandle((handle)port->handle); }
