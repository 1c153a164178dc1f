using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using HarmonyLib.Weaving;

namespace HarmonyLib.Tests;

/// <summary>
/// Stands in for the runtime before one more copy of the native library: the objects that the library is given, with what they shall
/// answer, and the callbacks it hands out. So failures of the runtime can be played that the real one hardly ever shows.
/// </summary>
sealed unsafe class FakeRuntime : IDisposable
{
    const int OutOfMemory = unchecked((int)0x8007000E);

    // What the library calls are static functions, so what they use is static too. Test classes do not run in parallel.
    static int _requestResult;
    static uint _requestFlags;
    static int[] _revertResults = [];
    static int _metadataResult;
    static int _metadataRequests;
    static nint _emit; // IMetaDataEmit
    [ThreadStatic] static byte[]? _given;

    readonly nint _library;
    readonly nint _callback; // ICorProfilerCallback
    readonly nint _info;     // ICorProfilerInfo10
    readonly nint _control;  // ICorProfilerFunctionControl
    readonly delegate* unmanaged<nint*, int*, byte**, int*, int*, int, int> _install;
    readonly delegate* unmanaged<nint*, int*, int, int> _renew;
    readonly delegate* unmanaged<nint*, int*, int*, int, int> _revert;
    readonly delegate* unmanaged<int*, int, int> _takeErrors; // a RejitError is four ints

    public FakeRuntime()
    {
        // Another file, so the loader does not give us the copy that is attached to the real runtime.
        var path = Path.GetTempFileName();
        File.Copy(Engine.Library, path, overwrite: true);
        _library = NativeLibrary.Load(path);
        File.Delete(path);
        _install = (delegate* unmanaged<nint*, int*, byte**, int*, int*, int, int>)NativeLibrary.GetExport(_library, "agent_install");
        _renew = (delegate* unmanaged<nint*, int*, int, int>)NativeLibrary.GetExport(_library, "agent_renew");
        _revert = (delegate* unmanaged<nint*, int*, int*, int, int>)NativeLibrary.GetExport(_library, "agent_revert");
        _takeErrors = (delegate* unmanaged<int*, int, int>)NativeLibrary.GetExport(_library, "agent_take_errors");
        _info = NewObject(128);
        Slots(_info)[0] = (nint)(delegate* unmanaged<nint, Guid*, nint*, int>)&QueryInterface;
        Slots(_info)[16] = (nint)(delegate* unmanaged<nint, uint, int>)&SetEventMask;
        Slots(_info)[21] = (nint)(delegate* unmanaged<nint, nint, int, Guid*, nint*, int>)&GetModuleMetaData;
        Slots(_info)[74] = (nint)(delegate* unmanaged<nint, int, nint*, int*, int*, int>)&RequestRevert;
        Slots(_info)[96] = (nint)(delegate* unmanaged<nint, uint, int, nint*, int*, int>)&RequestRejitWithInliners;
        (_metadataResult, _metadataRequests) = (0, 0);
        _emit = NewObject(32);
        Slots(_emit)[2] = (nint)(delegate* unmanaged<nint, int>)&Release;
        Slots(_emit)[23] = (nint)(delegate* unmanaged<nint, byte*, int, int*, int>)&GetTokenFromSig;
        Slots(_emit)[26] = (nint)(delegate* unmanaged<nint, byte*, int, int*, int>)&GetTokenFromTypeSpec;
        _control = NewObject(8);
        Slots(_control)[4] = (nint)(delegate* unmanaged<nint, int, byte*, int>)&SetIlFunctionBody;
        var getClassObject = (delegate* unmanaged<Guid*, Guid*, nint*, int>)NativeLibrary.GetExport(_library, "DllGetClassObject");
        var classId = new Guid("544e4741-4a52-5449-9a6b-022611235e01");
        var interfaceId = Guid.Empty;
        nint factory, callback;
        Assert.AreEqual(0, getClassObject(&classId, &interfaceId, &factory));
        Assert.AreEqual(0, ((delegate* unmanaged<nint, nint, Guid*, nint*, int>)Slots(factory)[3])(factory, 0, &interfaceId, &callback));
        _callback = callback;
    }

    /// <summary>What requests for new bodies answer from now on.</summary>
    public static void AnswerRequests(int result) => _requestResult = result;

    /// <summary>What requests for the original bodies answer from now on, for each method.</summary>
    public static void AnswerReverts(params int[] results) => _revertResults = results;

    public static uint RequestFlags => _requestFlags;

    /// <summary>What requests for the metadata of a module answer from now on.</summary>
    public static void AnswerMetadata(int result) => _metadataResult = result;

    /// <summary>How often the metadata of a module has been asked for.</summary>
    public static int MetadataRequests => _metadataRequests;

    public void Attach()
    {
        _requestResult = 0;
        Assert.AreEqual(0, ((delegate* unmanaged<nint, nint, nint, int, int>)Slots(_callback)[80])(_callback, _info, 0, 0));
    }

    public int Install(params (nint Module, int Method, byte[] Body)[] items) =>
        Install([.. items.Select(item => (item.Module, item.Method, new WovenBody(item.Body, item.Body.Length)))]);

    public int Install(params (nint Module, int Method, WovenBody Body)[] woven)
    {
        var items = woven.Select(item => (item.Module, item.Method, Body: item.Body.Bytes, item.Body.IlSize)).ToArray();
        var (modules, methods, ilSizes, sizes) = (items.Select(item => item.Module).ToArray(), items.Select(item => item.Method).ToArray(),
            items.Select(item => item.IlSize).ToArray(), items.Select(item => item.Body.Length).ToArray());
        var pins = items.Select(item => GCHandle.Alloc(item.Body, GCHandleType.Pinned)).ToArray();
        var pointers = pins.Select(pin => pin.AddrOfPinnedObject()).ToArray();
        fixed (nint* module = modules, pointer = pointers)
        fixed (int* method = methods, ilSize = ilSizes, size = sizes)
        {
            var result = _install(module, method, (byte**)pointer, ilSize, size, items.Length);
            foreach (var pin in pins)
                pin.Free();
            return result;
        }
    }

    public int Renew(nint module, int method) => _renew(&module, &method, 1);

    public int Revert(params (nint Module, int Method)[] items)
    {
        var (modules, methods, results) = (items.Select(item => item.Module).ToArray(), items.Select(item => item.Method).ToArray(), new int[items.Length]);
        fixed (nint* module = modules)
        fixed (int* method = methods, result = results)
            return _revert(module, method, result, items.Length);
    }

    /// <summary>What the library gives the runtime for a method; null for nothing, so the original stays.</summary>
    public byte[]? BodyOf(nint module, int method)
    {
        _given = null;
        Assert.AreEqual(0, ((delegate* unmanaged<nint, nint, int, nint, int>)Slots(_callback)[84])(_callback, module, method, _control));
        return _given;
    }

    public void ReportError(nint module, int method, int result) =>
        ((delegate* unmanaged<nint, nint, int, nint, int, int>)Slots(_callback)[86])(_callback, module, method, 0, result);

    public (int Count, (nint Module, int Method, int Result)[] Errors) TakeErrors(int capacity)
    {
        var ints = new int[capacity * 4];
        fixed (int* items = ints)
        {
            var count = _takeErrors(items, capacity);
            return (count, [.. Enumerable.Range(0, Math.Min(count, capacity)).Select(i => ((nint)Unsafe.As<int, long>(ref ints[i * 4]), ints[i * 4 + 2], ints[i * 4 + 3]))]);
        }
    }

    public void Dispose()
    {
        NativeLibrary.Free(_library);
        foreach (var item in (nint[])[_info, _control, _emit])
        {
            NativeMemory.Free(Slots(item));
            NativeMemory.Free((void*)item);
        }
    }

    static nint NewObject(int slots)
    {
        var item = (nint**)NativeMemory.Alloc((nuint)sizeof(nint*));
        *item = (nint*)NativeMemory.AllocZeroed((nuint)slots, (nuint)sizeof(nint));
        return (nint)item;
    }

    static nint* Slots(nint item) => *(nint**)item;

    [UnmanagedCallersOnly]
    static int QueryInterface(nint self, Guid* id, nint* result)
    {
        *result = self;
        return *id == new Guid("2f1b5152-c869-40c9-aa5f-3abe026bd720") ? 0 : unchecked((int)0x80004002);
    }

    [UnmanagedCallersOnly]
    static int SetEventMask(nint self, uint events) => 0;

    [UnmanagedCallersOnly]
    static int RequestRejitWithInliners(nint self, uint flags, int count, nint* modules, int* methods)
    {
        _requestFlags = flags;
        return _requestResult;
    }

    [UnmanagedCallersOnly]
    static int RequestRevert(nint self, int count, nint* modules, int* methods, int* results)
    {
        if (_revertResults.Length != count)
            return OutOfMemory;
        for (var i = 0; i < count; i++)
        {
            if (_revertResults[i] < 0) // like the runtime, which writes failures only
                results[i] = _revertResults[i];
        }
        return 0;
    }

    [UnmanagedCallersOnly]
    static int GetModuleMetaData(nint self, nint module, int flags, Guid* id, nint* result)
    {
        Interlocked.Increment(ref _metadataRequests);
        *result = _emit;
        return *id == new Guid("ba3fee4c-ecb9-4e41-83b7-183fa41cd859") && flags == 1 ? _metadataResult : unchecked((int)0x80004002);
    }

    [UnmanagedCallersOnly]
    static int Release(nint self) => 1;

    /// <summary>A token that says what it stands for: the first byte of the signature.</summary>
    [UnmanagedCallersOnly]
    static int GetTokenFromSig(nint self, byte* signature, int size, int* token)
    {
        *token = 0x11000000 + size * 0x100 + *signature;
        return 0;
    }

    [UnmanagedCallersOnly]
    static int GetTokenFromTypeSpec(nint self, byte* signature, int size, int* token)
    {
        *token = 0x1B000000 + size * 0x100 + *signature;
        return 0;
    }

    [UnmanagedCallersOnly]
    static int SetIlFunctionBody(nint self, int size, byte* body)
    {
        _given = new ReadOnlySpan<byte>(body, size).ToArray();
        return 0;
    }
}
