using System.Reflection;
using BenchmarkDotNet.Attributes;
using HarmonyLib;

namespace Agent.Benchmarks.Engine;

/// <summary>1,000 ordinary methods of the framework, patched with one request and taken out with one.</summary>
public class BatchBenchmarks
{
    const int Count = 1000;
    readonly Harmony _harmony = new("bench.batch");
    readonly MethodBase[] _methods = [.. Assembly.Load("System.Text.Json").GetTypes()
        .SelectMany(type => type.GetMethods(AccessTools.allDeclared))
        .Where(method => !method.IsAbstract && method.GetMethodBody() is not null)
        .Take(Count)];

    [Benchmark(Description = "1,000 methods: prefix + postfix installed")]
    public int Install()
    {
        var refused = _harmony.PatchMany(_methods, new HarmonyMethod(Hooks.Prefix), new HarmonyMethod(Hooks.Postfix));
        return refused.Count == 0 && _methods.Length == Count
            ? refused.Count
            : throw new InvalidOperationException($"{_methods.Length} methods, of which {refused.Count} were refused: {refused.Values.FirstOrDefault()}");
    }

    [Benchmark(Description = "1,000 methods: transpiler installed")]
    public int Transpile()
    {
        var refused = _harmony.PatchMany(_methods, transpiler: new HarmonyMethod(Hooks.Transpiler));
        return refused.Count == 0 ? refused.Count : throw new InvalidOperationException($"{refused.Count} were refused: {refused.Values.First()}");
    }

    [IterationCleanup(Targets = [nameof(Install), nameof(Transpile)])]
    public void AfterInstall() => _harmony.UnpatchAll(_harmony.Id);

    [IterationSetup(Target = nameof(Remove))]
    public void BeforeRemove() => Install();

    [Benchmark(Description = "1,000 methods: taken out")]
    public void Remove() => _harmony.UnpatchAll(_harmony.Id);
}
