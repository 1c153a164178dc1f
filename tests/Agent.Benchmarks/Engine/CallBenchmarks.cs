using BenchmarkDotNet.Attributes;
using HarmonyLib;

namespace Agent.Benchmarks.Engine;

/// <summary>One call: unpatched, with the same hooks written by hand, and patched.</summary>
public class CallBenchmarks
{
    readonly Harmony _guarded = new("bench");
    readonly Harmony _plain = new("bench") { IsGuarded = false };
    readonly int _left = 1, _right = 2;

    [GlobalSetup]
    public void Install()
    {
        _guarded.Patch(typeof(Calls).GetMethod(nameof(Calls.Transpiled))!, transpiler: new HarmonyMethod(Hooks.Transpiler));
        foreach (var (harmony, suffix) in ((Harmony, string)[])[(_guarded, ""), (_plain, "Plain")])
        {
            harmony.Patch(typeof(Calls).GetMethod("Patched" + suffix)!, prefix: new HarmonyMethod(Hooks.Prefix), postfix: new HarmonyMethod(Hooks.Postfix));
            harmony.Patch(typeof(Calls).GetMethod($"Patched{suffix}WithState")!,
                prefix: new HarmonyMethod(typeof(Hooks), nameof(Hooks.PrefixWithState)), finalizer: new HarmonyMethod(Hooks.Finalizer));
        }
    }

    [GlobalCleanup]
    public void Remove() => _guarded.UnpatchAll("bench");

    [Benchmark(Description = "unpatched")]
    public int Original() => Calls.Original(_left, _right);

    [Benchmark(Description = "transpiled")]
    public int Transpiled() => Calls.Transpiled(_left, _right);

    [Benchmark(Description = "prefix + postfix, by hand")]
    public int ByHand() => Calls.ByHand(_left, _right);

    [Benchmark(Description = "prefix + postfix, patched")]
    public int Patched() => Calls.Patched(_left, _right);

    [Benchmark(Description = "prefix + postfix, patched without guard")]
    public int PatchedPlain() => Calls.PatchedPlain(_left, _right);

    [Benchmark(Description = "__state + finalizer, by hand")]
    public int ByHandWithState() => Calls.ByHandWithState(_left, _right);

    [Benchmark(Description = "__state + finalizer, patched")]
    public int PatchedWithState() => Calls.PatchedWithState(_left, _right);

    [Benchmark(Description = "__state + finalizer, patched without guard")]
    public int PatchedPlainWithState() => Calls.PatchedPlainWithState(_left, _right);
}
