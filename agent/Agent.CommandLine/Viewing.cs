using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Agent.CommandLine;

/// <summary>A program whose traces are printed as trees beside it, on stderr: what it writes itself stays as it is.</summary>
static class Viewing
{
    const string Greeting = "Listening for OTLP on ";

    /// <param name="path">The program's file.</param>
    /// <param name="words">Its command line, its name first.</param>
    /// <param name="changes">The variables to set.</param>
    /// <returns>The program's exit code.</returns>
    public static int Run(string path, string[] words, List<Variable> changes)
    {
        // Its output is a pipe; what this program writes to is the terminal.
        var (executable, arguments) = ViewerProgram.With(["--port", UsualPortIfFree(), "--http-port", "0", "--grpc-port", "0", "--tree", "--until-input-ends", .. ViewerProgram.Terminal()]);
        var start = new ProcessStartInfo(executable, arguments) { RedirectStandardInput = true, RedirectStandardOutput = true, UseShellExecute = false };
        start.Environment.Remove("DOTNET_STARTUP_HOOKS");
        using var viewer = Start(start);
        if (viewer?.StandardOutput.ReadLine() is not { } line || !line.StartsWith(Greeting, StringComparison.Ordinal))
            return Say.Wrong("The viewer has not started (it needs the ASP.NET Core runtime); without --view the program can be started.");
        var address = line[Greeting.Length..].Split(' ')[0];
        changes.AddRange([
            new("OTEL_TRACES_EXPORTER", "otlp"), new("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", address + "/v1/traces"), new("OTEL_EXPORTER_OTLP_TRACES_PROTOCOL", "http/protobuf"),
        ]);
        if (!changes.Exists(static change => change.Name == "OTEL_BSP_SCHEDULE_DELAY") && Environment.GetEnvironmentVariable("OTEL_BSP_SCHEDULE_DELAY") is null)
            changes.Add(new("OTEL_BSP_SCHEDULE_DELAY", "500")); // milliseconds: somebody is watching
        var printing = Task.Run(() =>
        {
            // The address of the pages, an empty line, then the trees.
            while (viewer.StandardOutput.ReadLine() is { } printed)
                Console.Error.WriteLine(printed);
        });
        var code = ChildProgram.Run(path, words, changes);
        viewer.StandardInput.Close();
        printing.Wait();
        viewer.WaitForExit();
        return code;
    }

    // Another viewer, or Jaeger, may run.
    static string UsualPortIfFree()
    {
        const int Usual = 16686;
        try
        {
            using var listener = new TcpListener(IPAddress.Loopback, Usual);
            listener.Start();
            return Usual.ToString(CultureInfo.InvariantCulture);
        }
        catch (SocketException)
        {
            return "0";
        }
    }

    static Process? Start(ProcessStartInfo start)
    {
        try
        {
            return Process.Start(start);
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return null;
        }
    }
}
