namespace HarmonyLib.Rejit;

/// <summary>
/// The runtime's answers as sentences.
/// Values: the runtime's corerror.xml (CORPROF_E_… of its profiling interface, CORDIAGIPC_E_… of its
/// diagnostics server). A comment says where the sentence is more than the value's own meaning.
/// </summary>
static class Hresult
{
    public static string Sentence(int hresult) => unchecked((uint)hresult) switch
    {
        // Attaching.
        0x8013136A => "another profiler is already loaded (one per process), probably another vendor's agent",
        0x80131367 => "a profiler is being unloaded from this process",
        0x80131368 => "the runtime does not take the library for a profiler that can attach to a running process",
        0x80131375 => "the profiler library asked not to be loaded",
        0x80131379 => "a garbage collection in progress did not end in time to attach",
        0x80131384 or 0x80131385 or 0x80131386 or 0x80131369 => "the runtime does not understand the command to attach",
        0x80131387 or 0x8013136C => "the runtime's diagnostics server failed",
        0x80131515 => "attaching a profiler is switched off in this process",
        0x80131371 or 0x8013135B => "the runtime has not started up yet",
        0x8013136B or 0x80004002 => "the runtime is too old (no ICorProfilerInfo10)", // E_NOINTERFACE: the answer to our question for it
        0x80040111 => "the library at that path is not the agent's",
        0x80070002 or 0x8007007E => "the runtime cannot find the library or something it needs",
        0x800700C1 or 0x8007000B => "the runtime cannot load the library: damaged, or for another processor",
        0x80070005 => "the system does not permit loading the library",

        // Requests. The first one is also our own library's, before it is attached.
        0x80131373 => "the engine is not attached to the runtime",
        0x8013137C or 0x80131383 => "ReJIT is switched off in this process (DOTNET_ProfApi_RejitOnAttach=0)",
        0x80131374 => "what the profiler has switched on does not allow this",
        0x8013136F => "the runtime allows this only to a profiler that was there from the start",
        0x80131363 or 0x80131355 or 0x80131356 => "the call is not allowed on this thread or at this time",
        0x80131364 => "the call is not safe at this moment (the runtime holds locks)",
        0x80131388 => "the runtime is being suspended by somebody else at this moment",
        0x8013136E or 0x8013137B or 0x80131380 or 0x80131382 => "the runtime wants a newer profiler interface than the library has",

        // Methods.
        0x80131351 => "the module is not fully loaded yet or is being unloaded",
        0x80131350 => "the method is not compiled yet",
        0x80131354 => "it has no IL (extern)", // such as an [UnsafeAccessor], which no flag tells from an ordinary method
        0x8013135C or 0x8013135D => "the runtime does not do this for a generic type or method",
        0x8013137A => "the module is dynamic (generated at run time)",
        0x8013137E => "the method's assembly is collectible",
        0x8013138A => "the module is open for hot reload or edit and continue, where the runtime allows no ReJIT",
        0x80131130 => "the runtime cannot find the record in the module's metadata",
        0x8013153A => "the new body is not valid IL",

        // Anything.
        0x8007000E => "out of memory",
        0x80070057 => "the runtime does not know the method or the body is empty", // E_INVALIDARG
        0x80004001 => "this runtime has no ReJIT", // E_NOTIMPL: its stubs on platforms without it
        0x80131506 => "internal error of the runtime",
        var other => $"HRESULT 0x{other:X8}",
    };
}
