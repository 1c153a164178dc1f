using System.Runtime.CompilerServices;

namespace Agent.Benchmarks.Engine;

/// <summary>The patches that are measured. They do nothing, so what is measured is how they are called; not inlined, as patches cannot be.</summary>
static class Hooks
{
    static readonly object State = new();

    [MethodImpl(MethodImplOptions.NoInlining)]
    public static void Prefix() { }

    [MethodImpl(MethodImplOptions.NoInlining)]
    public static void Postfix() { }

    [MethodImpl(MethodImplOptions.NoInlining)]
    public static void Finally(Exception? __exception) { }

    [MethodImpl(MethodImplOptions.NoInlining)]
    public static void PrefixWithState(out object __state) => __state = State;

    [MethodImpl(MethodImplOptions.NoInlining)]
    public static void Finalizer(Exception? __exception, object __state) { }
}
