using System.Runtime.InteropServices;
using System.Text;
using Agent.Benchmarks.Engine;
using Agent.Benchmarks.Viewer;

namespace Agent.Benchmarks;

/// <summary>The program behind `./build.sh bench`.</summary>
static class Program
{
    /// <returns>0 measured, whatever the budgets say; 1 it could not be measured; 2 the command line was not understood; 130 interrupted.</returns>
    static async Task<int> Main(string[] args)
    {
        Console.OutputEncoding = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false);
        using var stop = new CancellationTokenSource();
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
        try
        {
            if (args is ["engine", .. var rest])
            {
                await EngineBenchmark.Run(rest, stop.Token);
                return 0;
            }
            if (args is ["viewer", .. var ofViewer])
            {
                await ViewerBenchmark.Run(ofViewer, stop.Token);
                return 0;
            }
            var options = Options.Parse(args);
            if (options.WantsHelp)
                Console.Write(Options.Usage + EngineBenchmark.Usage + ViewerBenchmark.Usage);
            else
                await Measure(options, stop.Token);
            return 0;
        }
        catch (FormatException misunderstood)
        {
            await Console.Error.WriteLineAsync(misunderstood.Message);
            return 2;
        }
        catch (Exception e) when (stop.IsCancellationRequested && e is OperationCanceledException or BenchmarkException)
        {
            await Console.Error.WriteLineAsync("\nInterrupted; everything that was started has been ended.");
            return 130;
        }
        catch (BenchmarkException failure)
        {
            await Console.Error.WriteLineAsync($"\n{failure.Message}");
            return 1;
        }

        void Stop(PosixSignalContext signal)
        {
            signal.Cancel = true; // unwinding ends the children; Ctrl+C in a terminal reaches them too, so they may also fail first
            stop.Cancel();
        }
    }

    static async Task Measure(Options options, CancellationToken stop)
    {
        if (!OperatingSystem.IsLinux())
            throw new BenchmarkException("The benchmark reads /proc: it runs on Linux only.");
        if (options.Configurations.Select(configuration => configuration.MissingFile(options.App)).FirstOrDefault(file => file is not null) is { } missing)
            throw new BenchmarkException($"{missing} is missing: run this as ./build.sh bench, which builds it.");
        await options.Load.Require(stop);

        var (machine, cores, results) = (Machine.Describe(), new Cores(), new Results(options.Configurations));
        Console.WriteLine($"{machine}\nCores: {cores.Description}\nThis takes about {Math.Ceiling(Seconds(options) / 60):0} min.\n");
        await using var sink = await TraceSink.Start();
        var rounds = new Rounds(options, cores, sink, results, stop);
        await rounds.Start();
        await rounds.Load();

        var report = new Report(options, cores, machine, results);
        var markdown = report.Markdown();
        var path = Path.GetRelativePath(Environment.CurrentDirectory, report.Write(markdown));
        Console.WriteLine($"\n{markdown}\nAlso in {path}.md, and with every value in {path}.json");
    }

    /// <summary>A start and stop takes about 2 s; a round waits for the first export, and for rest after each slice.</summary>
    static double Seconds(Options options) =>
        options.Configurations.Count * ((options.Startups + 1) * 2.0 + options.Rounds * (10.0 + options.WarmUp + 2.6 * options.Duration));
}
