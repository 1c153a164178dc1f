/*
 * What rejit.c needs of the system, and how it says numbers. One file for each kind of system implements it: system_unix.c, system_windows.c.
 */
typedef unsigned char u8;
typedef unsigned short u16;
typedef unsigned int u32;
typedef unsigned long long u64;
typedef long long i64;
typedef int hresult;
typedef unsigned long long word; /* as wide as a pointer, size_t and pthread_t of every target we build for */
_Static_assert(sizeof(word) == 8 && sizeof(void *) == 8, "sizes of bodies (32 bits, plus a header) must not overflow");

/* Memory of the process; 0 if there is none. */
void *system_allocate(word size);
void system_free(void *memory);

/* Lets another thread have the processor. */
void system_yield(void);

/* Runs a function on a new thread and waits for its end. Returns 0 if there is no thread. */
int system_run(void (*run)(void *), void *argument);

/* A connection to the diagnostics port of this process. Nothing waits longer than timeout_ms. */
struct port { i64 handle; u32 timeout_ms; };

/* Where connecting got to; part of rejit.c's STAGE_…. */
enum { PORT_OPEN = 0, PORT_NONE = 1, PORT_REFUSED = 2 };

/* address: laid out by the caller for this system. Returns a PORT_…; after PORT_OPEN the port is to be closed. */
int port_connect(struct port *port, const void *address, u32 length, u32 timeout_ms);

/* All of the bytes; returns 0 if that is not possible. */
int port_write(struct port *port, const u8 *bytes, word count);
int port_read(struct port *port, u8 *bytes, word count);

void port_close(struct port *port);
