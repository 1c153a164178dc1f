#if RUNTIME_ASYNC
using System.Runtime.CompilerServices;
using BenchmarkDotNet.Attributes;
using HarmonyLib;

namespace Agent.Benchmarks.Engine;

/// <summary>
/// Calls of a runtime-async method by another one, unpatched and patched with an empty prefix and finalizer: one that completes at once, and one that is
/// suspended and goes on. Compiled for `./build.sh bench engine --runtime 11` only.
/// </summary>
public class RuntimeAsyncBenchmarks
{
    const int Calls = 1000;

    const int Right = 2;

    readonly Task<int> _done = Task.FromResult(Right);
    readonly int _right = Right;

    readonly Harmony _guarded = new("bench");

    [GlobalSetup]
    public void Install()
    {
        var patched = typeof(RuntimeAsyncBenchmarks).GetMethod(nameof(Patched), AccessTools.allDeclared)!;
        if (!AccessTools.IsRuntimeAsync(patched))
            throw new InvalidOperationException("This is not compiled as runtime-async.");
        _guarded.Patch(patched, prefix: new HarmonyMethod(Hooks.Prefix), finalizer: new HarmonyMethod(Hooks.Finally));
    }

    [GlobalCleanup]
    public void Remove() => _guarded.UnpatchAll("bench");

    [Benchmark(Description = "runtime-async, at once, unpatched", OperationsPerInvoke = Calls)]
    public async Task<int> AtOnce()
    {
        var sum = 0;
        for (var i = 0; i < Calls; i++)
            sum += await Original(_done);
        return sum;
    }

    [Benchmark(Description = "runtime-async, at once, patched", OperationsPerInvoke = Calls)]
    public async Task<int> AtOncePatched()
    {
        var sum = 0;
        for (var i = 0; i < Calls; i++)
            sum += await Patched(_done);
        return sum;
    }

    [Benchmark(Description = "runtime-async, suspended, unpatched", OperationsPerInvoke = Calls)]
    public async Task<int> Suspended()
    {
        var sum = 0;
        for (var i = 0; i < Calls; i++)
        {
            var until = new TaskCompletionSource<int>();
            var call = Original(until.Task);
            until.SetResult(_right);
            sum += await call;
        }
        return sum;
    }

    [Benchmark(Description = "runtime-async, suspended, patched", OperationsPerInvoke = Calls)]
    public async Task<int> SuspendedPatched()
    {
        var sum = 0;
        for (var i = 0; i < Calls; i++)
        {
            var until = new TaskCompletionSource<int>();
            var call = Patched(until.Task);
            until.SetResult(_right);
            sum += await call;
        }
        return sum;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    static async Task<int> Original(Task<int> right) => 1 + await right;

    [MethodImpl(MethodImplOptions.NoInlining)]
    static async Task<int> Patched(Task<int> right) => 1 + await right;
}
#endif
