using System.Reflection;

namespace HarmonyLib.Rejit;

/// <summary>
/// Methods of System.Private.CoreLib that compiled code calls as helpers of the JIT: casts, boxing, statics, copying, throwing. The runtime
/// writes their addresses into that code, so code compiled earlier would not see a patch, and code compiled meanwhile would never lose it
/// (runtime: `jithelpers.h`, the entries DYNAMICJITHELPER with a method).
/// </summary>
static class JitHelpers
{
    /// <summary>Types that have nothing else.</summary>
    static readonly HashSet<string> Types =
    [
        "System.Runtime.CompilerServices.CastHelpers", "System.Runtime.CompilerServices.GenericsHelpers", "System.Runtime.CompilerServices.InitHelpers",
        "System.Runtime.CompilerServices.StaticsHelpers", "System.Runtime.CompilerServices.VirtualDispatchHelpers", "Internal.Runtime.CompilerHelpers.ThrowHelpers",
    ];

    static readonly HashSet<string> Methods =
    [
        "System.Buffer.BulkMoveWithWriteBarrier", "System.RuntimeTypeHandle.GetRuntimeTypeFromHandle", "System.RuntimeTypeHandle.GetRuntimeTypeFromHandleMaybeNull",
        "System.SpanHelpers.ClearWithoutReferences", "System.SpanHelpers.Fill", "System.SpanHelpers.Memmove", "System.String.StrCns", "System.Threading.Thread.PollGC",
        "System.Math.ConvertToInt32Checked", "System.Math.ConvertToInt64Checked", "System.Math.ConvertToUInt32Checked", "System.Math.ConvertToUInt64Checked",
        "System.TypedReference.GetRefAny", "System.Diagnostics.Debugger.UserBreakpoint", "System.RuntimeMethodInfoStub.FromPtr", "System.RuntimeFieldInfoStub.FromPtr",
        "System.Runtime.CompilerServices.AsyncHelpers.AllocContinuation", "System.Runtime.CompilerServices.AsyncHelpers.AllocContinuationMethod",
        "System.Runtime.CompilerServices.AsyncHelpers.AllocContinuationClass", "System.RuntimeFieldHandle.GetFieldAddr", "System.RuntimeFieldHandle.GetStaticFieldAddr",
    ];

    public static bool Contain(MethodBase method) => method.Module == typeof(object).Module && method.DeclaringType is { FullName: { } type } &&
        (Types.Contains(type) || Methods.Contains($"{type}.{method.Name}"));
}
