namespace HarmonyLib.Rejit;

/// <summary>The runtime's answers as sentences. Values: CORPROF_E_… of its profiling interface, DS_IPC_E_… of its diagnostics server.</summary>
static class Hresult
{
    public static string Sentence(int hresult) => unchecked((uint)hresult) switch
    {
        0x8013136A => "another profiler is already loaded (one per process), probably another vendor's agent",
        0x80131363 => "the call is not allowed on this thread",
        0x80131384 or 0x80131385 or 0x80131386 => "the runtime does not understand the command to attach",
        0x80131515 => "attaching a profiler is switched off in this process",
        0x80004002 => "the runtime is too old (no ICorProfilerInfo10)",
        0x8007000E => "out of memory",
        var other => $"HRESULT 0x{other:X8}",
    };
}
