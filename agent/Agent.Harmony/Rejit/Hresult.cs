namespace HarmonyLib.Rejit;

/// <summary>The runtime's answers as sentences. Values: corerror.h of the .NET runtime.</summary>
static class Hresult
{
    public static string Sentence(int hresult) => unchecked((uint)hresult) switch
    {
        0x8013136A => "another profiler is already loaded (one per process), probably another vendor's agent",
        0x80131363 => "the call is not allowed on this thread",
        0x80131388 => "the runtime does not know this command; it is older than .NET 5",
        0x80131375 => "attaching a profiler is switched off",
        0x80131351 or 0x80131352 => "the method cannot be replaced (collectible or dynamic code)",
        0x80004002 => "the runtime is too old (no ICorProfilerInfo10)",
        0x8007007E => "the profiler library could not be loaded",
        0x8007000E => "out of memory",
        var other => $"HRESULT 0x{other:X8}",
    };
}
