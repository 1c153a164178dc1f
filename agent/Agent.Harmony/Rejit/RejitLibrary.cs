using System.Runtime.InteropServices;

namespace HarmonyLib.Rejit;

/// <summary>The functions of native/rejit.c. Each runs the profiling call on a native thread and returns an HRESULT.</summary>
static unsafe class RejitLibrary
{
    static delegate* unmanaged<MethodDescription*, int, int> _describe;
    static delegate* unmanaged<TokenRequest*, int, int> _defineTokens;
    static delegate* unmanaged<nint*, int*, byte**, int*, int, int> _install;
    static delegate* unmanaged<nint*, int*, int*, int, int> _revert;
    static delegate* unmanaged<byte*, int, char*, int, int, int*, int> _attach;

    /// <exception cref="DllNotFoundException">The file is missing, damaged or for another processor.</exception>
    public static void Load(string path)
    {
        var library = NativeLibrary.Load(path);
        _describe = (delegate* unmanaged<MethodDescription*, int, int>)NativeLibrary.GetExport(library, "agent_describe");
        _defineTokens = (delegate* unmanaged<TokenRequest*, int, int>)NativeLibrary.GetExport(library, "agent_define_tokens");
        _install = (delegate* unmanaged<nint*, int*, byte**, int*, int, int>)NativeLibrary.GetExport(library, "agent_install");
        _revert = (delegate* unmanaged<nint*, int*, int*, int, int>)NativeLibrary.GetExport(library, "agent_revert");
        _attach = (delegate* unmanaged<byte*, int, char*, int, int, int*, int>)NativeLibrary.GetExport(library, "agent_attach");
    }

    /// <param name="socketAddress">A sockaddr_un of this system.</param>
    /// <param name="libraryPath">The library that the runtime shall load as profiler: this one.</param>
    /// <param name="answer">The runtime's HRESULT, where the stage is <see cref="AttachStage.Answer"/>.</param>
    public static AttachStage Attach(ReadOnlySpan<byte> socketAddress, string libraryPath, TimeSpan timeout, out int answer)
    {
        fixed (byte* address = socketAddress)
        fixed (char* path = libraryPath)
        fixed (int* result = &answer)
        {
            return (AttachStage)_attach(address, socketAddress.Length, path, libraryPath.Length + 1, (int)timeout.TotalMilliseconds, result);
        }
    }

    public static int Describe(MethodDescription[] methods)
    {
        fixed (MethodDescription* items = methods)
            return _describe(items, methods.Length);
    }

    public static int DefineTokens(TokenRequest[] requests)
    {
        fixed (TokenRequest* items = requests)
            return _defineTokens(items, requests.Length);
    }

    /// <summary>The bodies are copied; <paramref name="bodies"/> holds pointers of the caller's own. Only the first <paramref name="count"/> entries count.</summary>
    public static int Install(ReadOnlySpan<nint> modules, ReadOnlySpan<int> methods, ReadOnlySpan<nint> bodies, ReadOnlySpan<int> sizes, int count)
    {
        fixed (nint* module = modules)
        fixed (int* method = methods)
        fixed (nint* body = bodies)
        fixed (int* size = sizes)
            return _install(module, method, (byte**)body, size, count);
    }

    public static int Revert(ReadOnlySpan<nint> modules, ReadOnlySpan<int> methods, Span<int> results)
    {
        fixed (nint* module = modules)
        fixed (int* method = methods)
        fixed (int* result = results)
            return _revert(module, method, result, modules.Length);
    }
}

/// <summary>What the runtime knows of a method; mirrors `struct description` of rejit.c.</summary>
[StructLayout(LayoutKind.Sequential)]
unsafe struct MethodDescription
{
    public nint Function;
    public nint Module;
    public byte* Body;
    public byte* Signature;
    public byte* Locals;
    public int Token;
    public int BodySize, SignatureSize, LocalsSize;
    public int Result;
}

/// <summary>A signature that needs a token in a module's metadata; mirrors `struct token` of rejit.c.</summary>
[StructLayout(LayoutKind.Sequential)]
unsafe struct TokenRequest
{
    public nint Module;
    public byte* Signature;
    public int Size;
    public int IsType;
    public int Token;
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
