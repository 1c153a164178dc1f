using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Runtime.Loader;
using BenchmarkDotNet.Columns;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Diagnosers;
using BenchmarkDotNet.Exporters;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Loggers;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;
using HarmonyLib;

namespace Agent.Benchmarks.Engine;

/// <summary>`./build.sh bench engine`: what a patch costs, what patching costs, what attaching costs. Everything in this process, which is attached to itself.</summary>
static class EngineBenchmark
{
    public const string Usage = """

        ./build.sh bench engine measures the patch engine by itself: one call of a patched method, a batch of 1,000 methods, attaching;
        with --runtime 11 also calls of runtime-async methods.

          --quick             fewer and shorter measurements

        """;

    /// <exception cref="FormatException">Something in the command line is not understood; the message names it.</exception>
    public static async Task Run(string[] args, CancellationToken stop)
    {
        switch (args)
        {
            case ["--attach-once"]:
                AttachOnce();
                return;
            case [] or ["--quick"]:
                break;
            default:
                throw new FormatException($"bench engine takes --quick or nothing, not {string.Join(' ', args)}.");
        }
        var isQuick = args is ["--quick"];
        Console.WriteLine(Machine.Describe());
        await Attaching(isQuick ? 5 : 25, stop);
        Harmony.Attach(Library);
        var job = (isQuick ? Job.ShortRun : Job.Default).WithToolchain(InProcessEmitToolchain.Instance);
        foreach (var (benchmarks, ofBenchmarks, minutes) in ((Type, Job, double)[])
        [
            (typeof(CallBenchmarks), job, isQuick ? 1 : 4),
#if RUNTIME_ASYNC
            (typeof(RuntimeAsyncBenchmarks), job, isQuick ? 0.5 : 2),
#endif
            (typeof(BatchBenchmarks), job.WithInvocationCount(1).WithUnrollFactor(1).WithIterationCount(isQuick ? 5 : 15).WithWarmupCount(2), 0.1),
        ])
        {
            Console.WriteLine($"{benchmarks.Name}, about {minutes} min …");
            var summary = BenchmarkRunner.Run(benchmarks, ManualConfig.CreateEmpty()
                .AddJob(ofBenchmarks)
                .AddColumnProvider(DefaultColumnProviders.Statistics, DefaultColumnProviders.Descriptor, DefaultColumnProviders.Metrics)
                .AddDiagnoser(MemoryDiagnoser.Default)
                .AddLogger(NullLogger.Instance) // a line per iteration
                .WithArtifactsPath(Path.Combine(Configuration.Artifacts, "bench", "engine")));
            MarkdownExporter.Console.ExportToLog(summary, ConsoleLogger.Default);
            if (summary.HasCriticalValidationErrors || summary.Reports.Any(report => !report.Success))
                throw new BenchmarkException($"{benchmarks.Name} could not be measured: {string.Join("; ", summary.ValidationErrors.Select(error => error.Message))}");
        }
    }

    static string Library => Path.Combine(Configuration.Artifacts, "agent", "native", RuntimeInformation.RuntimeIdentifier, $"libagent_rejit.{(OperatingSystem.IsMacOS() ? "dylib" : "so")}");

    /// <summary>Attaching happens once in the life of a process, so each measurement is a process.</summary>
    static async Task Attaching(int times, CancellationToken stop)
    {
        var (attach, patch) = (new List<double>(), new List<double>());
        for (var i = 0; i < times; i++)
        {
            var output = await Programs.Output(new ProcessStartInfo(Environment.ProcessPath!, [typeof(EngineBenchmark).Assembly.Location, "engine", "--attach-once"]), stop);
            var numbers = output.Trim().Split(' ').Select(number => double.Parse(number, CultureInfo.InvariantCulture)).ToArray();
            attach.Add(numbers[0]);
            patch.Add(numbers[1]);
        }
        Console.WriteLine($"attach {Spread.Of(attach).Format("0.0")} ms, first patch and call of the patched method {Spread.Of(patch).Format("0.0")} ms, in {times} new processes\n");
    }

    /// <summary>With the published engine, which is compiled ahead of time and lives in a load context of its own: what an app's start pays.</summary>
    static void AttachOnce()
    {
        var engine = new AssemblyLoadContext("Agent").LoadFromAssemblyPath(Path.Combine(Configuration.Artifacts, "agent", "net10.0", RuntimeInformation.RuntimeIdentifier, "Agent.Harmony.dll"));
        var (harmonyType, methodType) = (engine.GetType(typeof(Harmony).FullName!, throwOnError: true)!, engine.GetType(typeof(HarmonyMethod).FullName!, throwOnError: true)!);
        object Hook(Action hook) => Activator.CreateInstance(methodType, hook.Method)!;
        var arguments = new object?[] { typeof(Calls).GetMethod(nameof(Calls.Patched)), Hook(Hooks.Prefix), Hook(Hooks.Postfix), null, null };
        var (attach, patch) = (harmonyType.GetMethod(nameof(Harmony.Attach))!, harmonyType.GetMethod(nameof(Harmony.Patch))!);
        var harmony = Activator.CreateInstance(harmonyType, "bench");

        var start = Stopwatch.GetTimestamp();
        attach.Invoke(null, [Library]);
        var attached = Stopwatch.GetTimestamp();
        patch.Invoke(harmony, arguments);
        Calls.Patched(1, 2);
        var patched = Stopwatch.GetTimestamp();
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{Stopwatch.GetElapsedTime(start, attached).TotalMilliseconds} {Stopwatch.GetElapsedTime(attached, patched).TotalMilliseconds}"));
    }
}
