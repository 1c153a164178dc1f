/*
 * The native part of the patch engine: the smallest library that lets managed code replace method bodies through ReJIT.
 *
 * It is a CLR profiler that a process attaches to itself. Everything that thinks (signatures, IL, patches) is managed code
 * in Agent.Harmony; this file only forwards to the profiling interface, for three reasons that leave no choice:
 *   - the runtime calls a profiler through COM vtables in a native library;
 *   - profiling calls that may trigger a GC are refused on a thread that runs managed code (0x80131363), so every call
 *     below runs on a fresh native thread, which the caller waits for;
 *   - the handshake with the process's own diagnostics port costs 40 ms less here than with managed sockets.
 *
 * Freestanding on purpose: no libc header, no libc dependency recorded in the library, so one file serves glibc and musl, and
 * everything cross-compiles without a sysroot. The few functions that it needs of the system stand in system.h.
 *
 * Threads. The runtime calls GetReJITParameters and ReJITError on any thread, at any time after attaching. They and the functions
 * exported here share `bodies` and `errors`, which `lock` guards. It is held for a lookup or a copy and never while waiting for
 * another thread or calling the runtime. `attached` is set once and read atomically; everything else is constant. The caller (PatchTable) runs one agent_install or
 * agent_revert at a time: undoing a failed install assumes that nobody changed the same methods in between.
 *
 * Lifetime. A body lives from agent_install until it is replaced or reverted, not only until the runtime has copied it: the runtime
 * asks for it again when a method inlined into it is patched. Between the start of an install and its failure the runtime may already
 * have been given a new body, so whatever a body calls must stay valid even if its install fails. The library itself and the runtime's
 * ICorProfilerInfo10 are never released. A forked child has none of the runtime's threads and may find `lock` taken: it must exec,
 * as Process.Start does.
 */
#include "system.h"

#define S_OK 0
#define E_FAIL ((hresult)0x80004005)
#define E_INVALIDARG ((hresult)0x80070057)
#define CORPROF_E_PROFILER_NOT_YET_INITIALIZED ((hresult)0x80131373)
#define CLASS_E_CLASSNOTAVAILABLE ((hresult)0x80040111)
#define E_OUTOFMEMORY ((hresult)0x8007000E)
#ifdef _WIN32
#define EXPORT __declspec(dllexport)
#else
#define EXPORT __attribute__((visibility("default")))
#endif

/* A COM object is a pointer to a table of functions; CALL(object, slot, type)(object, …) calls one of them. */
#define CALL(object, slot, type) ((type)(*(void ***)(object))[slot])

enum {
    INFO_GET_FUNCTION_INFO = 15, INFO_SET_EVENT_MASK = 16, INFO_GET_MODULE_METADATA = 21, INFO_GET_IL_FUNCTION_BODY = 22,
    INFO_REQUEST_REVERT = 74, INFO_REQUEST_REJIT_WITH_INLINERS = 96,
    EMIT_GET_TOKEN_FROM_SIG = 23, EMIT_GET_TOKEN_FROM_TYPE_SPEC = 26, EMIT_DEFINE_USER_STRING = 28,
    CONTROL_SET_IL_FUNCTION_BODY = 4,
    CALLBACK_INITIALIZE_FOR_ATTACH = 80, CALLBACK_GET_REJIT_PARAMETERS = 84, CALLBACK_REJIT_ERROR = 86, CALLBACK_SLOTS = 104,
    COR_PRF_MONITOR_JIT_COMPILATION = 0x20, COR_PRF_ENABLE_REJIT = 0x40000,
    COR_PRF_REJIT_BLOCK_INLINING = 1, COR_PRF_REJIT_INLINING_CALLBACKS = 2,
    OPEN_FOR_WRITE = 1
};

static const u8 CLSID_AGENT[16] = { 0x41, 0x47, 0x4e, 0x54, 0x52, 0x4a, 0x49, 0x54, 0x9a, 0x6b, 0x02, 0x26, 0x11, 0x23, 0x5e, 0x01 };
static const u8 IID_ICORPROFILERINFO10[16] = { 0x52, 0x51, 0x1b, 0x2f, 0x69, 0xc8, 0xc9, 0x40, 0xaa, 0x5f, 0x3a, 0xbe, 0x02, 0x6b, 0xd7, 0x20 };
static const u8 IID_IMETADATAEMIT[16] = { 0x4c, 0xee, 0x3f, 0xba, 0xb9, 0xec, 0x41, 0x4e, 0x83, 0xb7, 0x18, 0x3f, 0xa4, 0x1c, 0xd8, 0x59 };

static void *attached; /* ICorProfilerInfo10, set once by InitializeForAttach */

static void *info(void) { return __atomic_load_n(&attached, __ATOMIC_ACQUIRE); }

/* ---- bodies: (module, method) → the IL the runtime shall compile instead ---- */

/* The IL, and behind it the uses of signatures in it (see define_tokens). */
struct body { struct body *next; u64 module; u32 method; u32 il_size; u32 size; u8 bytes[]; };
enum { BUCKETS = 4096 };
static struct body *bodies[BUCKETS];
static char lock;

/* Spins, because a mutex has another layout on each system; yields, because the holder may have lost its processor. */
static void acquire(void) { while (__atomic_test_and_set(&lock, __ATOMIC_ACQUIRE)) system_yield(); }
static void release(void) { __atomic_clear(&lock, __ATOMIC_RELEASE); }

static struct body **find(u64 module, u32 method)
{
    struct body **at = &bodies[((module >> 4) * 31 + method) % BUCKETS];
    while (*at && ((*at)->module != module || (*at)->method != method))
        at = &(*at)->next;
    return at;
}

/* Puts a body, or none, in the place of the present one, which it returns. The lock is held. */
static struct body *exchange(u64 module, u32 method, struct body *with)
{
    struct body **at = find(module, method);
    struct body *present = *at;
    struct body *next = present ? present->next : 0;
    if (with)
        with->next = next;
    *at = with ? with : next;
    return present;
}

/* ---- errors: what the runtime could not do with a method after it had accepted the request ---- */

/* Mirrored by RejitError in managed code. */
struct error { u64 module; u32 method; hresult result; };
enum { ERRORS = 64 };
static struct error errors[ERRORS]; /* the first ones since they were last taken: what follows tends to be their consequence */
static u32 error_count;             /* all of them */

/* ---- ICorProfilerCallback: every slot answers S_OK, three do something ---- */

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
    __atomic_store_n(&attached, found, __ATOMIC_RELEASE);
    return S_OK;
}

static u8 *put(u8 *to, const void *from, word count)
{
    for (word i = 0; i < count; i++)
        to[i] = ((const u8 *)from)[i];
    return to + count;
}

static u32 take(const u8 **at)
{
    u32 value;
    put((u8 *)&value, *at, sizeof value);
    *at += sizeof value;
    return value;
}

/*
 * Writes tokens into a body: for stand-alone signatures (calli, locals), type specs and strings in the metadata of its module. The uses are a list of
 * { u32 kind, u32 size, u32 count, u32 offsets[count], u8 signature[size] }.
 * Only now, when the method is called, because for the first token of a module the runtime copies the module's metadata to be able to add
 * to it, a few hundred KB for each of ASP.NET Core's, and most of what is patched is never called. It gives out one token for equal signatures.
 */
enum { SIGNATURE = 0, TYPE_SPEC = 1, STRING = 2 };

static hresult define_tokens(u64 module, u8 *il, const u8 *uses, const u8 *end)
{
    if (uses == end)
        return S_OK;
    void *emit = 0;
    hresult hr = CALL(info(), INFO_GET_MODULE_METADATA, hresult (*)(void *, u64, u32, const u8 *, void **))
        (info(), module, OPEN_FOR_WRITE, IID_IMETADATAEMIT, &emit);
    if (hr < 0)
        return hr;
    while (hr >= 0 && uses < end) {
        u32 kind = take(&uses), size = take(&uses), count = take(&uses), token = 0;
        const u8 *offsets = uses, *signature = uses + (word)count * sizeof(u32);
        hr = kind == STRING
            ? CALL(emit, EMIT_DEFINE_USER_STRING, hresult (*)(void *, const u8 *, u32, u32 *))(emit, signature, size / sizeof(u16), &token)
            : CALL(emit, kind == TYPE_SPEC ? EMIT_GET_TOKEN_FROM_TYPE_SPEC : EMIT_GET_TOKEN_FROM_SIG, hresult (*)(void *, const u8 *, u32, u32 *))(emit, signature, size, &token);
        for (u32 i = 0; i < count; i++)
            put(il + take(&offsets), &token, sizeof token);
        uses = signature + size;
    }
    CALL(emit, 2, u32 (*)(void *))(emit); /* Release */
    return hr;
}

static void note_error(u64 module, u32 method, hresult result)
{
    acquire();
    if (error_count < ERRORS)
        errors[error_count] = (struct error){ module, method, result };
    if (error_count < 0x7fffffff)
        error_count++;
    release();
}

/*
 * Works on a copy of the body, because `agent_revert` on another thread may free it meanwhile.
 * Without a body (reverted meanwhile, a method we never heard of that is compiled anew because of what was inlined into it, or one that
 * cannot be completed) the runtime goes on with the original.
 */
static hresult get_rejit_parameters(void *self, u64 module, u32 method, void *control)
{
    (void)self;
    acquire();
    struct body *b = *find(module, method);
    u32 il_size = b ? b->il_size : 0, size = b ? b->size : 0;
    u8 *copy = b ? system_allocate(size) : 0;
    if (copy)
        put(copy, b->bytes, size);
    release();
    if (!b)
        return S_OK;
    hresult hr = copy ? define_tokens(module, copy, copy + il_size, copy + size) : E_OUTOFMEMORY;
    if (hr >= 0)
        hr = CALL(control, CONTROL_SET_IL_FUNCTION_BODY, hresult (*)(void *, u32, const u8 *))(control, il_size, copy);
    if (hr < 0)
        note_error(module, method, hr);
    system_free(copy);
    return S_OK;
}

static hresult rejit_error(void *self, u64 module, u32 method, u64 function, hresult result)
{
    (void)self; (void)function;
    note_error(module, method, result);
    return S_OK;
}

static void *const callback_table[CALLBACK_SLOTS] = {
    [0] = (void *)query_interface,
    [1 ... 2] = (void *)reference,
    [3 ... CALLBACK_INITIALIZE_FOR_ATTACH - 1] = (void *)nothing,
    [CALLBACK_INITIALIZE_FOR_ATTACH] = (void *)initialize_for_attach,
    [CALLBACK_INITIALIZE_FOR_ATTACH + 1 ... CALLBACK_GET_REJIT_PARAMETERS - 1] = (void *)nothing,
    [CALLBACK_GET_REJIT_PARAMETERS] = (void *)get_rejit_parameters,
    [CALLBACK_GET_REJIT_PARAMETERS + 1 ... CALLBACK_REJIT_ERROR - 1] = (void *)nothing,
    [CALLBACK_REJIT_ERROR] = (void *)rejit_error,
    [CALLBACK_REJIT_ERROR + 1 ... CALLBACK_SLOTS - 1] = (void *)nothing,
};
static struct { void *const *table; } callback = { callback_table };

static hresult create_instance(void *self, void *outer, const u8 *iid, void **result)
{
    (void)self; (void)outer; (void)iid;
    *result = &callback;
    return S_OK;
}

static void *const factory_table[] = {
    (void *)query_interface, (void *)reference, (void *)reference, (void *)create_instance, (void *)nothing /* LockServer */
};
static struct { void *const *table; } factory = { factory_table };

EXPORT hresult DllGetClassObject(const u8 *clsid, const u8 *iid, void **result)
{
    (void)iid;
    *result = 0;
    for (int i = 0; i < 16; i++)
        if (clsid[i] != CLSID_AGENT[i])
            return CLASS_E_CLASSNOTAVAILABLE;
    *result = &factory;
    return S_OK;
}

EXPORT hresult DllCanUnloadNow(void) { return 1; /* S_FALSE: stays for the life of the process */ }

/* ---- attach: AttachProfiler sent to the process's own diagnostics port ---- */

/* Where agent_attach got to; mirrored by AttachStage in managed code. */
enum { STAGE_DONE = 0, STAGE_SOCKET = PORT_NONE, STAGE_CONNECT = PORT_REFUSED, STAGE_WRITE = 3, STAGE_READ = 4, STAGE_ANSWER = 5, STAGE_INFO = 6 };

enum { MAX_PATH = 4096 };

/*
 * Blocks until the runtime has loaded this library as a profiler or refused to, or said nothing for timeout_ms: it never answers
 * when this is called on its diagnostics server's own thread. If it attaches later after all, that does no harm.
 * address, address_length: of the port, laid out by the caller for this system: a sockaddr_un, or the name of a pipe.
 * path, path_length: this library, UTF-16, length in characters with the terminator. The request's size field has 16 bits;
 * a path that the system can load (PATH_MAX) is shorter than MAX_PATH.
 * Returns a STAGE_…; *answer is the runtime's HRESULT at STAGE_ANSWER.
 */
EXPORT int agent_attach(const void *address, u32 address_length, const u16 *path, u32 path_length, u32 timeout_ms, hresult *answer)
{
    *answer = S_OK;
    if (path_length > MAX_PATH)
        return STAGE_WRITE;
    u8 *request = system_allocate(64 + 2 * MAX_PATH); /* too much for a stack that is not known */
    if (!request)
        return STAGE_WRITE;
    struct port port;
    int stage = port_connect(&port, address, address_length, timeout_ms);
    if (stage == PORT_OPEN) {
        u8 response[20 + 4];
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
        if (port_write(&port, request, (word)(at - request))) {
            stage = STAGE_READ;
            if (port_read(&port, response, sizeof response)) {
                put((u8 *)answer, response + 20, 4);
                stage = response[17] == 0 && *answer >= 0 ? (info() ? STAGE_DONE : STAGE_INFO) : STAGE_ANSWER;
            }
        }
        port_close(&port);
    }
    system_free(request);
    return stage;
}

/* ---- calls on a thread that the runtime does not know ---- */

struct call { hresult (*run)(void *); void *argument; hresult result; };

static void run_call(void *argument)
{
    struct call *c = argument;
    c->result = c->run(c->argument);
}

static hresult on_native_thread(hresult (*run)(void *), void *argument)
{
    struct call c = { run, argument, E_FAIL };
    if (!info())
        return CORPROF_E_PROFILER_NOT_YET_INITIALIZED;
    return system_run(run_call, &c) ? c.result : E_OUTOFMEMORY;
}

/* Mirrored by MethodDescription in managed code. The pointers stay valid as long as the module. */
struct description {
    u64 function;        /* in: RuntimeMethodHandle.Value */
    u64 module;          /* out */
    const u8 *il;        /* out: header, code, exception sections */
    u32 method;          /* out: mdMethodDef */
    u32 il_size;
    hresult result;      /* out */
};
struct describe { struct description *items; int count; };

static hresult describe_one(struct description *d)
{
    u64 class_id;
    hresult hr = CALL(info(), INFO_GET_FUNCTION_INFO, hresult (*)(void *, u64, u64 *, u64 *, u32 *))(info(), d->function, &class_id, &d->module, &d->method);
    if (hr < 0)
        return hr;
    return CALL(info(), INFO_GET_IL_FUNCTION_BODY, hresult (*)(void *, u64, u32, const u8 **, u32 *))(info(), d->module, d->method, &d->il, &d->il_size);
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

struct request { const u64 *modules; const u32 *methods; hresult *results; u32 count; };

/*
 * With both flags the callers that have one of the methods inlined are compiled anew too, and the runtime asks for their bodies again.
 * Without the second one a caller that is patched itself would silently get its original body back.
 */
static hresult request_rejit(void *argument)
{
    struct request *r = argument;
    return CALL(info(), INFO_REQUEST_REJIT_WITH_INLINERS, hresult (*)(void *, u32, u32, const u64 *, const u32 *))
        (info(), COR_PRF_REJIT_BLOCK_INLINING | COR_PRF_REJIT_INLINING_CALLBACKS, r->count, r->modules, r->methods);
}

/*
 * New bodies for methods, from their next call on. Copies the bodies: IL, and the uses of signatures in it. The runtime is suspended once.
 * All or nothing: when the request fails, the bodies that were there before are back. What the runtime says about single methods
 * comes later, see agent_take_errors.
 */
EXPORT hresult agent_install(const u64 *modules, const u32 *methods, const u8 *const *bytes, const u32 *il_sizes, const u32 *sizes, u32 count)
{
    struct body **spare = system_allocate(((word)count + 1) * sizeof *spare); /* first the new bodies, after the exchange those to be freed */
    hresult hr = spare ? S_OK : E_OUTOFMEMORY;
    u32 ready = 0;
    for (; hr >= 0 && ready < count; ready++) {
        struct body *b = system_allocate(sizeof *b + sizes[ready]);
        spare[ready] = b;
        if (!b) {
            hr = E_OUTOFMEMORY;
        } else {
            *b = (struct body){ .module = modules[ready], .method = methods[ready], .il_size = il_sizes[ready], .size = sizes[ready] };
            put(b->bytes, bytes[ready], sizes[ready]);
            if (b->il_size == 0)
                hr = E_INVALIDARG; /* the runtime would say so only at the method's next call */
        }
    }
    if (hr >= 0) {
        struct request r = { modules, methods, 0, count };
        acquire();
        for (u32 i = 0; i < count; i++)
            spare[i] = exchange(modules[i], methods[i], spare[i]);
        release();
        hr = on_native_thread(request_rejit, &r);
        if (hr < 0) {
            acquire();
            for (u32 i = count; i-- > 0;) /* backwards, for a method that is named twice */
                spare[i] = exchange(modules[i], methods[i], spare[i]);
            release();
        }
    }
    while (ready > 0)
        system_free(spare[--ready]);
    system_free(spare);
    return hr;
}

/*
 * Asks again for bodies that are there already: for the callers that have these methods inlined and whose modules were loaded meanwhile.
 */
EXPORT hresult agent_renew(const u64 *modules, const u32 *methods, u32 count)
{
    struct request r = { modules, methods, 0, count };
    return on_native_thread(request_rejit, &r);
}

static hresult request_revert(void *argument)
{
    struct request *r = argument;
    return CALL(info(), INFO_REQUEST_REVERT, hresult (*)(void *, u32, const u64 *, const u32 *, hresult *))
        (info(), r->count, r->modules, r->methods, r->results);
}

/* The original bodies again, from the next call on. `results` has one HRESULT per method; where it is a failure the new body stays. */
EXPORT hresult agent_revert(const u64 *modules, const u32 *methods, hresult *results, u32 count)
{
    struct request r = { modules, methods, results, count };
    for (u32 i = 0; i < count; i++)
        results[i] = S_OK; /* the runtime writes failures only */
    hresult hr = on_native_thread(request_revert, &r);
    for (u32 i = 0; hr >= 0 && i < count; i++) {
        if (results[i] < 0)
            continue;
        acquire();
        struct body *old = exchange(modules[i], methods[i], 0);
        release();
        system_free(old);
    }
    return hr;
}

/*
 * Moves out what the runtime has reported through ReJITError since the last call and returns how many there were, of which the first
 * min(capacity, 64) are in `items`; the rest is gone. The runtime reports before agent_install and agent_revert return what it finds
 * while it handles the request (unknown method, dynamic or unloading module), and later, on the thread of a method's first call,
 * what fails when it fetches the new body. IL that the JIT refuses is not reported: the app gets InvalidProgramException.
 */
EXPORT int agent_take_errors(struct error *items, int capacity)
{
    acquire();
    u32 count = error_count;
    for (u32 i = 0; i < count && i < ERRORS && (int)i < capacity; i++)
        items[i] = errors[i];
    error_count = 0;
    release();
    return (int)count;
}
