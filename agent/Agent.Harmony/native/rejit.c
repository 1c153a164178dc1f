/*
 * The native part of the patch engine: the smallest library that lets managed code replace method bodies through ReJIT.
 *
 * It is a CLR profiler that a process attaches to itself. Everything that thinks (signatures, IL, patches) is managed code
 * in Agent.Harmony; this file only forwards to the profiling interface, for three reasons that leave no choice:
 *   - the runtime calls a profiler through COM vtables in a native library;
 *   - profiling calls that may trigger a GC are refused on a thread that runs managed code (0x80131363), so every call
 *     below runs on a fresh native thread, which the caller waits for;
 *   - the handshake with the process's own diagnostics socket costs 40 ms less here than with managed sockets.
 *
 * Freestanding on purpose: no libc header, no libc dependency recorded in the library, so one file serves glibc, musl and
 * macOS, and cross-compiles without a sysroot. The few functions it needs are bound at load time by the process.
 *
 * Threads: `bodies` is the only mutable state after start-up; `lock` guards it. The runtime calls GetReJITParameters
 * on any thread.
 */
typedef unsigned char u8;
typedef unsigned short u16;
typedef unsigned int u32;
typedef unsigned long long u64;
typedef long long i64;
typedef int hresult;
typedef unsigned long word; /* pointer-sized; ssize_t and size_t of every target we build for (LP64) */

#define S_OK 0
#define E_NOINTERFACE ((hresult)0x80004002)
#define E_FAIL ((hresult)0x80004005)
#define CLASS_E_CLASSNOTAVAILABLE ((hresult)0x80040111)
#define E_OUTOFMEMORY ((hresult)0x8007000E)
#define EXPORT __attribute__((visibility("default")))

/* From libc and libpthread, bound when the library is loaded. */
extern int pthread_create(word *thread, const void *attributes, void *(*start)(void *), void *argument);
extern int pthread_join(word thread, void **result);
extern void *malloc(word size);
extern void free(void *memory);
extern int socket(int domain, int type, int protocol);
extern int connect(int fd, const void *address, u32 length);
extern i64 read(int fd, void *buffer, word count);
extern i64 write(int fd, const void *buffer, word count);
extern int close(int fd);

/* A COM object is a pointer to a table of functions; CALL(object, slot, type)(object, …) calls one of them. */
#define CALL(object, slot, type) ((type)(*(void ***)(object))[slot])

enum {
    INFO_GET_FUNCTION_INFO = 15, INFO_SET_EVENT_MASK = 16, INFO_GET_MODULE_METADATA = 21, INFO_GET_IL_FUNCTION_BODY = 22,
    INFO_REQUEST_REVERT = 74, INFO_REQUEST_REJIT_WITH_INLINERS = 96,
    IMPORT_GET_METHOD_PROPS = 30, IMPORT_GET_SIG_FROM_TOKEN = 41,
    EMIT_GET_TOKEN_FROM_SIG = 23, EMIT_GET_TOKEN_FROM_TYPE_SPEC = 26,
    CONTROL_SET_IL_FUNCTION_BODY = 4,
    CALLBACK_INITIALIZE_FOR_ATTACH = 80, CALLBACK_GET_REJIT_PARAMETERS = 84, CALLBACK_SLOTS = 104,
    COR_PRF_MONITOR_JIT_COMPILATION = 0x20, COR_PRF_ENABLE_REJIT = 0x40000, COR_PRF_REJIT_BLOCK_INLINING = 1,
    OPEN_FOR_WRITE = 1
};

static const u8 CLSID_AGENT[16] = { 0x41, 0x47, 0x4e, 0x54, 0x52, 0x4a, 0x49, 0x54, 0x9a, 0x6b, 0x02, 0x26, 0x11, 0x23, 0x5e, 0x01 };
static const u8 IID_ICORPROFILERINFO10[16] = { 0x52, 0x51, 0x1b, 0x2f, 0x69, 0xc8, 0xc9, 0x40, 0xaa, 0x5f, 0x3a, 0xbe, 0x02, 0x6b, 0xd7, 0x20 };
static const u8 IID_IMETADATAIMPORT[16] = { 0x07, 0x82, 0xac, 0x7d, 0xae, 0xd3, 0x75, 0x4c, 0x9b, 0x67, 0x92, 0x80, 0x1a, 0x49, 0x7d, 0x44 };
static const u8 IID_IMETADATAEMIT[16] = { 0x4c, 0xee, 0x3f, 0xba, 0xb9, 0xec, 0x41, 0x4e, 0x83, 0xb7, 0x18, 0x3f, 0xa4, 0x1c, 0xd8, 0x59 };

static void *volatile info; /* ICorProfilerInfo10, set once by InitializeForAttach */

/* ---- bodies: (module, method) → the IL the runtime shall compile instead ---- */

struct body { struct body *next; u64 module; u32 method; u32 size; u8 il[]; };
enum { BUCKETS = 4096 };
static struct body *bodies[BUCKETS];
static char lock;

static void acquire(void) { while (__atomic_test_and_set(&lock, __ATOMIC_ACQUIRE)) { } }
static void release(void) { __atomic_clear(&lock, __ATOMIC_RELEASE); }

static struct body **bucket(u64 module, u32 method) { return &bodies[((module >> 4) * 31 + method) % BUCKETS]; }

static struct body *take_out(u64 module, u32 method)
{
    for (struct body **at = bucket(module, method); *at; at = &(*at)->next)
        if ((*at)->module == module && (*at)->method == method) {
            struct body *found = *at;
            *at = found->next;
            return found;
        }
    return 0;
}

/* ---- ICorProfilerCallback: every slot answers S_OK, two do something ---- */

static hresult nothing(void) { return S_OK; }

static hresult query_interface(void *self, const u8 *iid, void **result)
{
    (void)iid; /* asked for IUnknown and each version of ICorProfilerCallback; one table serves all */
    *result = self;
    return S_OK;
}

static u32 reference(void *self) { (void)self; return 1; } /* static objects are never freed */

static hresult initialize_for_attach(void *self, void *unknown, void *client_data, u32 client_data_size)
{
    (void)self; (void)client_data; (void)client_data_size;
    void *found = 0;
    hresult hr = CALL(unknown, 0, hresult (*)(void *, const u8 *, void **))(unknown, IID_ICORPROFILERINFO10, &found);
    if (hr < 0)
        return hr;
    hr = CALL(found, INFO_SET_EVENT_MASK, hresult (*)(void *, u32))(found, COR_PRF_ENABLE_REJIT | COR_PRF_MONITOR_JIT_COMPILATION);
    if (hr < 0)
        return hr;
    info = found;
    return S_OK;
}

/* The lock is held while the runtime copies the body, so that `agent_revert` on another thread cannot free it meanwhile. */
static hresult get_rejit_parameters(void *self, u64 module, u32 method, void *control)
{
    (void)self;
    hresult hr = S_OK;
    acquire();
    for (struct body *b = *bucket(module, method); b; b = b->next)
        if (b->module == module && b->method == method) {
            hr = CALL(control, CONTROL_SET_IL_FUNCTION_BODY, hresult (*)(void *, u32, const u8 *))(control, b->size, b->il);
            break;
        }
    release();
    return hr;
}

static void *callback_table[CALLBACK_SLOTS];
static struct { void **table; } callback = { callback_table };

static hresult create_instance(void *self, void *outer, const u8 *iid, void **result)
{
    (void)self; (void)outer; (void)iid;
    for (int slot = 3; slot < CALLBACK_SLOTS; slot++)
        callback_table[slot] = (void *)nothing;
    callback_table[0] = (void *)query_interface;
    callback_table[1] = callback_table[2] = (void *)reference;
    callback_table[CALLBACK_INITIALIZE_FOR_ATTACH] = (void *)initialize_for_attach;
    callback_table[CALLBACK_GET_REJIT_PARAMETERS] = (void *)get_rejit_parameters;
    *result = &callback;
    return S_OK;
}

static void *factory_table[5];
static struct { void **table; } factory = { factory_table };

EXPORT hresult DllGetClassObject(const u8 *clsid, const u8 *iid, void **result)
{
    (void)iid;
    *result = 0;
    for (int i = 0; i < 16; i++)
        if (clsid[i] != CLSID_AGENT[i])
            return CLASS_E_CLASSNOTAVAILABLE;
    factory_table[0] = (void *)query_interface;
    factory_table[1] = factory_table[2] = (void *)reference;
    factory_table[3] = (void *)create_instance;
    factory_table[4] = (void *)nothing; /* LockServer */
    *result = &factory;
    return S_OK;
}

EXPORT hresult DllCanUnloadNow(void) { return 1; /* S_FALSE: stays for the life of the process */ }

/* ---- attach: AttachProfiler sent to the process's own diagnostics socket ---- */

/* Where agent_attach got to; mirrored by AttachStage in managed code. */
enum { STAGE_DONE = 0, STAGE_SOCKET = 1, STAGE_CONNECT = 2, STAGE_WRITE = 3, STAGE_READ = 4, STAGE_ANSWER = 5, STAGE_INFO = 6 };

static int write_all(int fd, const u8 *bytes, word count)
{
    while (count > 0) {
        i64 written = write(fd, bytes, count);
        if (written <= 0)
            return 0;
        bytes += written;
        count -= (word)written;
    }
    return 1;
}

static int read_all(int fd, u8 *bytes, word count)
{
    while (count > 0) {
        i64 got = read(fd, bytes, count);
        if (got <= 0)
            return 0;
        bytes += got;
        count -= (word)got;
    }
    return 1;
}

static u8 *put(u8 *to, const void *from, word count)
{
    for (word i = 0; i < count; i++)
        to[i] = ((const u8 *)from)[i];
    return to + count;
}

/*
 * Blocks until the runtime has loaded this library as a profiler or refused to.
 * address, address_length: a sockaddr_un, laid out by the caller for this system.
 * path, path_length: this library, UTF-16, length in characters with the terminator.
 * Returns a STAGE_…; *answer is the runtime's HRESULT at STAGE_ANSWER.
 */
EXPORT int agent_attach(const void *address, u32 address_length, const u16 *path, u32 path_length, u32 timeout_ms, hresult *answer)
{
    *answer = S_OK;
    int fd = socket(1 /* AF_UNIX */, 1 /* SOCK_STREAM */, 0);
    if (fd < 0)
        return STAGE_SOCKET;
    int stage = STAGE_CONNECT;
    u8 request[64 + 2 * 4096];
    u8 response[20 + 4];
    if (path_length <= 4096 && connect(fd, address, address_length) == 0) {
        u16 size = (u16)(20 + 4 + 16 + 4 + 2 * path_length + 4);
        u32 no_client_data = 0;
        u8 *at = put(request, "DOTNET_IPC_V1", 14);
        at = put(at, &size, 2);
        at = put(at, "\x03\x01\x00", 4); /* command set Profiler, command AttachProfiler, reserved */
        at = put(at, &timeout_ms, 4);
        at = put(at, CLSID_AGENT, 16);
        at = put(at, &path_length, 4);
        at = put(at, path, 2 * path_length);
        at = put(at, &no_client_data, 4);
        stage = STAGE_WRITE;
        if (write_all(fd, request, (word)(at - request))) {
            stage = STAGE_READ;
            if (read_all(fd, response, sizeof response)) {
                put((u8 *)answer, response + 20, 4);
                stage = response[17] == 0 && *answer >= 0 ? (info ? STAGE_DONE : STAGE_INFO) : STAGE_ANSWER;
            }
        }
    }
    close(fd);
    return stage;
}

/* ---- calls on a thread that the runtime does not know ---- */

struct call { hresult (*run)(void *); void *argument; hresult result; };

static void *run_call(void *argument)
{
    struct call *c = argument;
    c->result = c->run(c->argument);
    return 0;
}

static hresult on_native_thread(hresult (*run)(void *), void *argument)
{
    struct call c = { run, argument, E_FAIL };
    word thread;
    if (!info)
        return E_FAIL;
    if (pthread_create(&thread, 0, run_call, &c) != 0)
        return E_OUTOFMEMORY;
    pthread_join(thread, 0);
    return c.result;
}

static hresult metadata(u64 module, const u8 *iid, void **result)
{
    return CALL(info, INFO_GET_MODULE_METADATA, hresult (*)(void *, u64, u32, const u8 *, void **))(info, module, OPEN_FOR_WRITE, iid, result);
}

static void release_com(void *object) { CALL(object, 2, u32 (*)(void *))(object); }

/* Mirrored by MethodDescription in managed code. The pointers stay valid as long as the module. */
struct description {
    u64 function;        /* in: RuntimeMethodHandle.Value */
    u64 module;          /* out */
    const u8 *il;        /* out: header, code, exception sections */
    const u8 *signature; /* out: MethodDefSig */
    const u8 *locals;    /* out: LocalVarSig, or null */
    u32 method;          /* out: mdMethodDef */
    u32 il_size, signature_size, locals_size;
    hresult result;      /* out */
};
struct describe { struct description *items; int count; };

static hresult describe_one(struct description *d)
{
    u64 class_id;
    void *import = 0;
    hresult hr = CALL(info, INFO_GET_FUNCTION_INFO, hresult (*)(void *, u64, u64 *, u64 *, u32 *))(info, d->function, &class_id, &d->module, &d->method);
    if (hr < 0)
        return hr;
    hr = CALL(info, INFO_GET_IL_FUNCTION_BODY, hresult (*)(void *, u64, u32, const u8 **, u32 *))(info, d->module, d->method, &d->il, &d->il_size);
    if (hr < 0)
        return hr;
    hr = metadata(d->module, IID_IMETADATAIMPORT, &import);
    if (hr < 0)
        return hr;
    hr = CALL(import, IMPORT_GET_METHOD_PROPS, hresult (*)(void *, u32, u32 *, u16 *, u32, u32 *, u32 *, const u8 **, u32 *, u32 *, u32 *))
        (import, d->method, 0, 0, 0, 0, 0, &d->signature, &d->signature_size, 0, 0);
    if (hr >= 0 && (d->il[0] & 3) == 3) { /* fat header: bytes 8–11 are the token of the local variables */
        u32 token;
        put((u8 *)&token, d->il + 8, 4);
        if (token != 0)
            hr = CALL(import, IMPORT_GET_SIG_FROM_TOKEN, hresult (*)(void *, u32, const u8 **, u32 *))(import, token, &d->locals, &d->locals_size);
    }
    release_com(import);
    return hr;
}

static hresult describe_all(void *argument)
{
    struct describe *d = argument;
    for (int i = 0; i < d->count; i++)
        d->items[i].result = describe_one(&d->items[i]);
    return S_OK;
}

/* Fills in what the runtime knows of each method; each item has its own result. */
EXPORT hresult agent_describe(struct description *items, int count)
{
    struct describe d = { items, count };
    return on_native_thread(describe_all, &d);
}

/* Mirrored by TokenRequest in managed code. */
struct token { u64 module; const u8 *signature; u32 size; u32 is_type; u32 token; hresult result; };
struct tokens { struct token *items; int count; };

static hresult define_tokens(void *argument)
{
    struct tokens *t = argument;
    for (int i = 0; i < t->count; i++) {
        struct token *item = &t->items[i];
        void *emit = 0;
        item->result = metadata(item->module, IID_IMETADATAEMIT, &emit);
        if (item->result < 0)
            continue;
        item->result = CALL(emit, item->is_type ? EMIT_GET_TOKEN_FROM_TYPE_SPEC : EMIT_GET_TOKEN_FROM_SIG, hresult (*)(void *, const u8 *, u32, u32 *))
            (emit, item->signature, item->size, &item->token);
        release_com(emit);
    }
    return S_OK;
}

/* Tokens for stand-alone signatures (calli, locals) and type specs in the metadata of a module; each item has its own result. */
EXPORT hresult agent_define_tokens(struct token *items, int count)
{
    struct tokens t = { items, count };
    return on_native_thread(define_tokens, &t);
}

struct request { const u64 *modules; const u32 *methods; hresult *results; u32 count; };

static hresult request_rejit(void *argument)
{
    struct request *r = argument;
    return CALL(info, INFO_REQUEST_REJIT_WITH_INLINERS, hresult (*)(void *, u32, u32, const u64 *, const u32 *))
        (info, COR_PRF_REJIT_BLOCK_INLINING, r->count, r->modules, r->methods);
}

/* New bodies for methods, from their next call on. Copies the bodies. All or nothing; the runtime is suspended once. */
EXPORT hresult agent_install(const u64 *modules, const u32 *methods, const u8 *const *il, const u32 *sizes, u32 count)
{
    for (u32 i = 0; i < count; i++) {
        struct body *b = malloc(sizeof *b + sizes[i]);
        if (!b)
            return E_OUTOFMEMORY;
        b->module = modules[i];
        b->method = methods[i];
        b->size = sizes[i];
        put(b->il, il[i], sizes[i]);
        acquire();
        struct body *old = take_out(b->module, b->method);
        struct body **at = bucket(b->module, b->method);
        b->next = *at;
        *at = b;
        release();
        free(old);
    }
    struct request r = { modules, methods, 0, count };
    return on_native_thread(request_rejit, &r);
}

static hresult request_revert(void *argument)
{
    struct request *r = argument;
    return CALL(info, INFO_REQUEST_REVERT, hresult (*)(void *, u32, const u64 *, const u32 *, hresult *))
        (info, r->count, r->modules, r->methods, r->results);
}

/* The original bodies again, from the next call on. `results` has one HRESULT per method. */
EXPORT hresult agent_revert(const u64 *modules, const u32 *methods, hresult *results, u32 count)
{
    struct request r = { modules, methods, results, count };
    hresult hr = on_native_thread(request_revert, &r);
    for (u32 i = 0; hr >= 0 && i < count; i++) {
        acquire();
        struct body *old = take_out(modules[i], methods[i]);
        release();
        free(old);
    }
    return hr;
}
