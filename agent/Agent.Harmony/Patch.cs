using System.Reflection;
using System.Runtime.InteropServices;
using HarmonyLib.Rejit;

namespace HarmonyLib;

/// <summary>One patch method that stands, or shall stand, in a method.</summary>
public sealed class Patch
{
    /// <summary>The id of the <see cref="Harmony"/> instance that added it.</summary>
    public string owner { get; }

    /// <summary>The static method that is called.</summary>
    public MethodInfo PatchMethod { get; }

    /// <summary>Higher runs earlier among prefixes; 400 is normal.</summary>
    public int priority { get; }

    internal PatchKind Kind { get; }

    internal MethodBase Original { get; }

    /// <summary>Identifies this patch inside woven code.</summary>
    internal nint Cookie { get; }

    /// <summary>Failures in a row, in native memory so that woven code can reset it without a call.</summary>
    internal nint FailuresAddress { get; }

    /// <summary>Its first failure has been said.</summary>
    internal bool HasFailed { get; set; }

    /// <summary>Names it in the log: «PageHandlerPatch.Prefix».</summary>
    internal string Name => $"{PatchMethod.DeclaringType?.Name}.{PatchMethod.Name}";

    internal unsafe Patch(string owner, PatchKind kind, MethodBase original, HarmonyMethod patch)
    {
        this.owner = owner;
        Kind = kind;
        Original = original;
        PatchMethod = patch.method ?? throw new HarmonyException($"a {kind} for {original.Name} has no method");
        priority = patch.priority;
        // Neither is ever freed: a thread may still be inside woven code long after the patch was taken out.
        Cookie = GCHandle.ToIntPtr(GCHandle.Alloc(this));
        FailuresAddress = (nint)NativeMemory.AllocZeroed(sizeof(int));
    }
}

/// <summary>When a patch runs, relative to the original.</summary>
enum PatchKind
{
    Prefix,
    Postfix,
    Finalizer,
}
