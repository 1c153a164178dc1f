using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using HarmonyLib.Weaving;

namespace HarmonyLib.Rejit;

/// <summary>
/// What stands between a patch and the app: woven code catches everything that a patch throws and hands it over here.
/// A failure is said, once a minute at most; after <see cref="Limit"/> in a row the patch class is taken out of that method, which is said once.
/// </summary>
static unsafe class Guard
{
    public const int Limit = 5;

    /// <summary>The address woven code calls with the patch's cookie and the exception.</summary>
    public static readonly nint FailedAddress = (nint)(delegate*<nint, object, void>)&Failed;

    /// <summary>The address woven code calls with the exception and the patch's number.</summary>
    public static readonly nint NumberedFailedAddress = (nint)(delegate*<object, int, void>)&Failed;

    /// <summary>The address woven code calls for `__originalMethod`.</summary>
    public static readonly nint OriginalMethodAddress = (nint)(delegate*<nint, MethodBase>)&OriginalMethod;

    /// <summary>The address woven code calls with what it has caught.</summary>
    public static readonly nint AsExceptionAddress = (nint)(delegate*<object, Exception>)&AsException;

    /// <summary>The address woven code calls for a parameter with a <see cref="HarmonyDelegate"/> type.</summary>
    public static readonly nint DelegateAddress = (nint)(delegate*<nint, object?, Delegate>)&CreateDelegate;

    /// <summary>Called by woven code for `__resultRef`.</summary>
    public static ref T Invoke<T>(RefResult<T> resultRef) => ref resultRef();

    /// <summary>Code in a module without RuntimeCompatibilityAttribute may throw what is no exception, and woven code there would get it as it is.</summary>
    static Exception AsException(object thrown) => thrown as Exception ?? new RuntimeWrappedException(thrown);

    static Delegate CreateDelegate(nint cookie, object? instance)
    {
        var injected = (InjectedDelegate)GCHandle.FromIntPtr(cookie).Target!;
        if (injected.IsNonVirtual && instance is not null)
            return (Delegate)Activator.CreateInstance(injected.Type, instance, injected.Method.MethodHandle.GetFunctionPointer())!;
        return injected.Method.IsStatic ? injected.Method.CreateDelegate(injected.Type) : injected.Method.CreateDelegate(injected.Type, instance);
    }

    static MethodBase OriginalMethod(nint cookie) => ((Patch)GCHandle.FromIntPtr(cookie).Target!).Target;

    /// <summary>The address woven code calls to know in which instantiation it runs.</summary>
    public static readonly nint IsTypeAddress = (nint)(delegate*<RuntimeTypeHandle, nint, bool>)&IsType;

    static bool IsType(RuntimeTypeHandle actual, nint expected) => actual.Value == expected;

    static void Failed(nint cookie, object thrown) => Failed((Patch)GCHandle.FromIntPtr(cookie).Target!, thrown);

    static void Failed(object thrown, int number) => Failed(Patch.Numbered(number), thrown);

    static void Failed(Patch patch, object thrown)
    {
        var failures = Interlocked.Increment(ref *(int*)patch.FailuresAddress);
        patch.Failing.Say(Harmony.Say, () => $"{patch.Name} failed in {MethodName.Of(patch.Original)}; the method went on without it: {Describe(thrown)}");
        if (failures == Limit)
            ThreadPool.UnsafeQueueUserWorkItem(static patch => TakeOut(patch), patch, preferLocal: false);
    }

    /// <summary>An exception's own ToString is not ours.</summary>
    static string Describe(object thrown)
    {
        try
        {
            return thrown.ToString() ?? thrown.GetType().ToString();
        }
        catch (Exception e)
        {
            return $"{thrown.GetType()} ({e.GetType()} in its ToString)";
        }
    }

    /// <summary>On another thread: the failing one may hold locks of the app.</summary>
    static void TakeOut(Patch patch)
    {
        try
        {
            // Prefix and finalizer of one class tend to reach the limit together; whoever comes first says it.
            if (PatchTable.Remove([patch.Original], other => other.Class == patch.Class))
                Harmony.Say($"{patch.Class.Name} failed {Limit} times in a row and was taken out of {MethodName.Of(patch.Original)}");
        }
        catch (HarmonyException e)
        {
            Harmony.Say($"{patch.Class.Name} fails and cannot be taken out of {MethodName.Of(patch.Original)}: {e.Message}");
        }
    }
}
