using System.Runtime.CompilerServices;

namespace Agent.Benchmarks.Engine;

/// <summary>One method in every form: as it is, with the hooks written into it, and to be patched.</summary>
static class Calls
{
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static int Original(int left, int right) => left + right;

    [MethodImpl(MethodImplOptions.NoInlining)]
    public static int Transpiled(int left, int right) => left + right;

    [MethodImpl(MethodImplOptions.NoInlining)]
    public static int ByHand(int left, int right)
    {
        Hooks.Prefix();
        var result = left + right;
        Hooks.Postfix();
        return result;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    public static int Patched(int left, int right) => left + right;

    [MethodImpl(MethodImplOptions.NoInlining)]
    public static int PatchedPlain(int left, int right) => left + right;

    [MethodImpl(MethodImplOptions.NoInlining)]
    public static int ByHandWithState(int left, int right)
    {
        Hooks.PrefixWithState(out var state);
        int result;
        try
        {
            result = left + right;
        }
        catch (Exception e)
        {
            Hooks.Finalizer(e, state);
            throw;
        }
        Hooks.Finalizer(null, state);
        return result;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    public static int PatchedWithState(int left, int right) => left + right;

    [MethodImpl(MethodImplOptions.NoInlining)]
    public static int PatchedPlainWithState(int left, int right) => left + right;
}
