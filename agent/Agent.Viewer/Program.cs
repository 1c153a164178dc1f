using System.Runtime.InteropServices;
using System.Text;

namespace Agent.Viewer;

/// <summary>The command line program: receives traces and prints them until it is told to stop.</summary>
public static class Program
{
    static async Task<int> Main(string[] args)
    {
        Console.OutputEncoding = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false);
        using var stop = new CancellationTokenSource();
        // Ctrl+C is for all programs in a terminal; what the app sends when it ends by it is still to be printed.
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, args.Contains(ViewerArguments.EndWithInput) ? static signal => signal.Cancel = true : Stop);
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
        return await RunAsync(args, Console.Out, Console.Error, stop.Token);

        void Stop(PosixSignalContext signal)
        {
            signal.Cancel = true;
            stop.Cancel();
        }
    }

    /// <summary>Runs the program in this process.</summary>
    /// <param name="args">The command line; <c>--help</c> describes it.</param>
    /// <param name="output">Gets the line with the addresses, then the traces.</param>
    /// <param name="error">Gets a line that says why nothing was started.</param>
    /// <param name="stop">Cancelled to stop: prints what is left and returns.</param>
    /// <returns>The exit code: 0 done, 1 a port could not be opened, 2 the command line was not understood.</returns>
    public static async Task<int> RunAsync(IReadOnlyList<string> args, TextWriter output, TextWriter error, CancellationToken stop)
    {
        try
        {
            var arguments = ViewerArguments.Parse(args);
            if (arguments.WantsHelp)
                await output.WriteAsync(ViewerArguments.Usage);
            else if (arguments.WantsVersion)
                await output.WriteLineAsync($"Agent.Viewer {typeof(Program).Assembly.GetName().Version?.ToString(3)}");
            else
                await ViewAsync(arguments, output, error, stop);
            return 0;
        }
        catch (FormatException misunderstood)
        {
            await error.WriteLineAsync(misunderstood.Message);
            return 2;
        }
        catch (IOException cannotStart)
        {
            await error.WriteLineAsync(cannotStart.Message);
            return 1;
        }
    }

    static async Task ViewAsync(ViewerArguments arguments, TextWriter output, TextWriter error, CancellationToken stop)
    {
        var printer = new TracePrinter(output, arguments.Printer);
        using var assembler = new TraceAssembler(assembled => printer.Print(assembled.Trace, assembled.IsContinued));
        await using (var viewer = await ViewerServer.StartAsync(arguments.Viewer with { Complain = error.WriteLine }, CancellationToken.None))
        {
            if (arguments.PrintsTrees)
                viewer.Store.Received += assembler.Add;
            // The first line is for programs that start this one, too.
            var page = Address(viewer.Endpoint).Replace("://127.0.0.1:", "://localhost:", StringComparison.Ordinal);
            await output.WriteLineAsync($"Listening for OTLP on {Address(viewer.HttpEndpoint)} (http) and {Address(viewer.GrpcEndpoint)} (grpc). Ctrl+C stops.\nTraces: {page}\n");
            var end = arguments.EndsWithInput ? Console.OpenStandardInput().CopyToAsync(Stream.Null, stop) : Task.Delay(Timeout.Infinite, stop);
            await end.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        // The server is gone, so no span can come after this.
        assembler.Complete();
    }

    static string Address(Uri endpoint) => endpoint.GetLeftPart(UriPartial.Authority);
}
