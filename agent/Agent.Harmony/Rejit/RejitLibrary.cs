using System.Runtime.InteropServices;

namespace HarmonyLib.Rejit;

/// <summary>The functions of native/rejit.c. Each runs the profiling call on a native thread and returns an HRESULT.</summary>
static unsafe class RejitLibrary
{
    static delegate* unmanaged<MethodDescription*, int, int> _describe;
    static delegate* unmanaged<nint*, int*, byte**, int*, int*, int, int> _install;
    static delegate* unmanaged<nint*, int*, int, int> _renew;
    static delegate* unmanaged<nint*, int*, int*, int, int> _revert;
    static delegate* unmanaged<RejitError*, int, int> _takeErrors;
    static delegate* unmanaged<byte*, int, char*, int, int, int*, int> _attach;

    /// <exception cref="DllNotFoundException">The file is missing, damaged or for another processor.</exception>
    public static void Load(string path)
    {
        var library = NativeLibrary.Load(path);
        _describe = (delegate* unmanaged<MethodDescription*, int, int>)NativeLibrary.GetExport(library, "agent_describe");
        _install = (delegate* unmanaged<nint*, int*, byte**, int*, int*, int, int>)NativeLibrary.GetExport(library, "agent_install");
        _renew = (delegate* unmanaged<nint*, int*, int, int>)NativeLibrary.GetExport(library, "agent_renew");
        _revert = (delegate* unmanaged<nint*, int*, int*, int, int>)NativeLibrary.GetExport(library, "agent_revert");
        _takeErrors = (delegate* unmanaged<RejitError*, int, int>)NativeLibrary.GetExport(library, "agent_take_errors");
        _attach = (delegate* unmanaged<byte*, int, char*, int, int, int*, int>)NativeLibrary.GetExport(library, "agent_attach");
    }

    /// <param name="portAddress">A sockaddr_un of this system, or the name of a pipe.</param>
    /// <param name="libraryPath">The library that the runtime shall load as profiler: this one.</param>
    /// <param name="answer">The runtime's HRESULT, where the stage is <see cref="AttachStage.Answer"/>.</param>
    public static AttachStage Attach(ReadOnlySpan<byte> portAddress, string libraryPath, TimeSpan timeout, out int answer)
    {
        fixed (byte* address = portAddress)
        fixed (char* path = libraryPath)
        fixed (int* result = &answer)
        {
            return (AttachStage)_attach(address, portAddress.Length, path, libraryPath.Length + 1, (int)timeout.TotalMilliseconds, result);
        }
    }

    /// <summary>Whether the runtime has attached this library.</summary>
    public static bool IsAttached => _describe(null, 0) >= 0;

    public static int Describe(MethodDescription[] methods)
    {
        fixed (MethodDescription* items = methods)
            return _describe(items, methods.Length);
    }

    /// <summary>
    /// All or nothing: where it fails, the bodies from before are back. One call of this or <see cref="Revert"/> at a time.
    /// The bodies (<see cref="Weaving.WovenBody"/>) are copied; <paramref name="bodies"/> holds pointers of the caller's own; only the first <paramref name="count"/>
    /// entries count. What they call must stay valid even if this
    /// fails, because the runtime may have fetched one meanwhile. What the runtime says about single methods is in <see cref="TakeErrors"/>.
    /// </summary>
    public static int Install(ReadOnlySpan<nint> modules, ReadOnlySpan<int> methods, ReadOnlySpan<nint> bodies, ReadOnlySpan<int> ilSizes, ReadOnlySpan<int> sizes, int count)
    {
        fixed (nint* module = modules)
        fixed (int* method = methods)
        fixed (nint* body = bodies)
        fixed (int* ilSize = ilSizes)
        fixed (int* size = sizes)
            return _install(module, method, (byte**)body, ilSize, size, count);
    }

    /// <summary>Asks again for bodies that are there already, because of modules that were loaded meanwhile.</summary>
    public static int Renew(ReadOnlySpan<nint> modules, ReadOnlySpan<int> methods)
    {
        fixed (nint* module = modules)
        fixed (int* method = methods)
            return _renew(module, method, modules.Length);
    }

    /// <summary>A method whose result is a failure keeps its new body.</summary>
    public static int Revert(ReadOnlySpan<nint> modules, ReadOnlySpan<int> methods, Span<int> results)
    {
        fixed (nint* module = modules)
        fixed (int* method = methods)
        fixed (int* result = results)
            return _revert(module, method, result, modules.Length);
    }

    /// <summary>
    /// What the runtime could not do with a method after it had accepted a request, since the last call. It says so before
    /// <see cref="Install"/> and <see cref="Revert"/> return for what it finds while it handles the request (a module under hot reload, dynamic,
    /// or being unloaded), and on the thread of the method's first call for what fails when it fetches the new body.
    /// The method then runs with its original body. IL that the JIT refuses is not among this: the app gets InvalidProgramException.
    /// </summary>
    /// <param name="lost">How many more there were than are kept (64).</param>
    public static RejitError[] TakeErrors(out int lost)
    {
        var errors = stackalloc RejitError[MaxErrors];
        var count = _takeErrors(errors, MaxErrors);
        lost = 0;
        if (count == 0)
            return None; // nearly always, and without compiling code for collections of our own struct
        var kept = new ReadOnlySpan<RejitError>(errors, Math.Min(count, MaxErrors)).ToArray();
        lost = count - kept.Length;
        return kept;
    }

    static readonly RejitError[] None = (RejitError[])Array.CreateInstance(typeof(RejitError), 0);

    const int MaxErrors = 64;
}

/// <summary>What the runtime knows of a method; mirrors `struct description` of rejit.c.</summary>
[StructLayout(LayoutKind.Sequential)]
unsafe struct MethodDescription
{
    public nint Function;
    public nint Module;
    public byte* Body;
    public int Token;
    public int BodySize;
    public int Result;
}

/// <summary>A method that the runtime cannot give its new body; mirrors `struct error` of rejit.c.</summary>
[StructLayout(LayoutKind.Sequential)]
struct RejitError
{
    public nint Module;
    public int Method;
    public int Result;
}

/// <summary>Where attaching ended; mirrors STAGE_… of rejit.c.</summary>
enum AttachStage
{
    Done,
    Socket,
    Connect,
    Write,
    Read,
    Answer,
    Info,
}
