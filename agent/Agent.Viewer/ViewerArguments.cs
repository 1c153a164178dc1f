using System.Globalization;
using System.Net;

namespace Agent.Viewer;

/// <summary>The command line.</summary>
sealed record ViewerArguments
{
    /// <summary>The option that Ctrl+C does not stop.</summary>
    public const string EndWithInput = "--until-input-ends";

    /// <summary>The variable that may hold the token, which a command line would show to everybody on the machine.</summary>
    public const string TokenVariable = "AGENT_VIEWER_TOKEN";

    const string Accepted =
        "--port N, --http-port N, --grpc-port N, --listen ADDRESS, --token TEXT, --host NAME, --memory SIZE, --data FOLDER, --data-size SIZE, --editor LINK, --tree, --width N, --color, --no-color, --until-input-ends, --help and --version";

    public const string Usage = """
        Receives traces in the OpenTelemetry protocol and shows them on http://localhost:16686.

        Agent.Viewer [options]

        Where it listens
          --port N         port of the pages and APIs (16686); 0 for any free one
          --http-port N    port for OTLP over HTTP, protobuf or JSON (4318)
          --grpc-port N    port for OTLP over gRPC (4317)
          --listen ADDRESS an address of this machine, or any, instead of loopback only; needs a token
          --token TEXT     what a sender or reader has to show: Authorization: Bearer TEXT, in a browser once ?token=TEXT;
                           also in AGENT_VIEWER_TOKEN
          --host NAME      a further name, besides localhost, by which it may be asked for without a token

        What it keeps
          --memory SIZE    memory for traces (256MiB); the oldest go first
          --data FOLDER    keeps them on disk, too, and has them again after a restart
          --data-size SIZE disk space for them (1GiB)

        What it shows
          --editor LINK    what opens a source line, with {path} and {line} (vscode://file/{path}:{line})
          --tree           prints each trace as a tree, too
          --width N        columns to print, 60 to 500; default: the terminal's, or 120
          --color          colours, whatever the output is
          --no-color       no colours; also with the environment variable NO_COLOR, or if the output is no terminal

          --until-input-ends   stop when standard input ends, not by Ctrl+C: for a program that starts this one
          --help, --version

        In the application: OTEL_EXPORTER_OTLP_TRACES_ENDPOINT=http://127.0.0.1:4318/v1/traces OTEL_EXPORTER_OTLP_TRACES_PROTOCOL=http/protobuf

        """;

    public ViewerOptions Viewer { get; private set; } = new();

    /// <summary>Whether each trace is printed as a tree, too.</summary>
    public bool PrintsTrees { get; private set; }

    public TracePrinterOptions Printer { get; private set; } = new();

    public bool EndsWithInput { get; private set; }

    public bool WantsHelp { get; private set; }

    public bool WantsVersion { get; private set; }

    /// <exception cref="FormatException">An argument is not understood; the message names it and says what is accepted.</exception>
    public static ViewerArguments Parse(IReadOnlyList<string> args)
    {
        var parsed = new ViewerArguments();
        if (Environment.GetEnvironmentVariable(TokenVariable) is { Length: > 0 } token)
            parsed.Viewer = parsed.Viewer with { Token = token };
        for (var i = 0; i < args.Count; i++)
        {
            switch (args[i])
            {
                case "--port": parsed.Viewer = parsed.Viewer with { Port = Number(args, ref i, 0, 65535) }; break;
                case "--http-port": parsed.Viewer = parsed.Viewer with { HttpPort = Number(args, ref i, 0, 65535) }; break;
                case "--grpc-port": parsed.Viewer = parsed.Viewer with { GrpcPort = Number(args, ref i, 0, 65535) }; break;
                case "--listen": parsed.Viewer = parsed.Viewer with { Address = Address(args, ref i) }; break;
                case "--token": parsed.Viewer = parsed.Viewer with { Token = Text(args, ref i, "a text") }; break;
                case "--host": parsed.Viewer = parsed.Viewer with { HostNames = [.. parsed.Viewer.HostNames, Text(args, ref i, "a name")] }; break;
                case "--memory": parsed.Viewer = parsed.Viewer with { MemoryBytes = Size(args, ref i) }; break;
                case "--data": parsed.Viewer = parsed.Viewer with { DataFolder = Text(args, ref i, "a folder") }; break;
                case "--data-size": parsed.Viewer = parsed.Viewer with { DataBytes = Size(args, ref i) }; break;
                case "--editor": parsed.Viewer = parsed.Viewer with { EditorLink = Link(args, ref i) }; break;
                case "--tree": parsed.PrintsTrees = true; break;
                case "--width": parsed.Printer = parsed.Printer with { Width = Number(args, ref i, 60, 500) }; break;
                case "--color": parsed.Printer = parsed.Printer with { Color = true }; break;
                case "--no-color": parsed.Printer = parsed.Printer with { Color = false }; break;
                case EndWithInput: parsed.EndsWithInput = true; break;
                case "--help" or "-h": parsed.WantsHelp = true; break;
                case "--version": parsed.WantsVersion = true; break;
                default: throw new FormatException($"Unknown argument '{args[i]}'; accepted are {Accepted}.");
            }
        }

        if (!IPAddress.IsLoopback(parsed.Viewer.Address) && parsed.Viewer.Token is null)
        {
            throw new FormatException(
                $"--listen {parsed.Viewer.Address} lets other machines read traces and send some; it needs --token, or {TokenVariable} in the environment.");
        }

        return parsed;
    }

    static string Text(IReadOnlyList<string> args, ref int i, string what)
    {
        var name = args[i];
        return ++i < args.Count && args[i].Length > 0 ? args[i] : throw new FormatException($"{name} needs {what}.");
    }

    static int Number(IReadOnlyList<string> args, ref int i, int least, int most)
    {
        var (name, text) = (args[i], ++i < args.Count ? args[i] : null);
        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most
            ? number
            : throw new FormatException($"{name} needs a whole number from {least} to {most}{(text is null ? "" : $", not '{text}'")}.");
    }

    static IPAddress Address(IReadOnlyList<string> args, ref int i)
    {
        var text = Text(args, ref i, "an address of this machine, or any");
        return text == "any" ? IPAddress.Any
            : text == "localhost" ? IPAddress.Loopback
            : IPAddress.TryParse(text, out var address) ? address
            : throw new FormatException($"--listen needs an address of this machine, such as 192.168.1.5, or any, not '{text}'.");
    }

    static long Size(IReadOnlyList<string> args, ref int i)
    {
        const long Least = 16 << 20;
        var name = args[i];
        var text = Text(args, ref i, "a size, such as 512MiB or 2GiB");
        var digits = text.TakeWhile(char.IsAsciiDigit).Count();
        var unit = text[digits..] switch { "MiB" or "M" => 20, "GiB" or "G" => 30, _ => 0 };
        return unit > 0 && long.TryParse(text.AsSpan(0, digits), NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number <= long.MaxValue >> 40 && number << unit >= Least
            ? number << unit
            : throw new FormatException($"{name} needs a size of at least 16MiB, such as 512MiB or 2GiB, not '{text}'.");
    }

    static string Link(IReadOnlyList<string> args, ref int i)
    {
        var text = Text(args, ref i, "a link with {path}, such as vscode://file/{path}:{line}");
        return text.Contains("{path}", StringComparison.Ordinal) && Uri.TryCreate(text.Replace("{path}", "x", StringComparison.Ordinal).Replace("{line}", "1", StringComparison.Ordinal), UriKind.Absolute, out var link)
            && link.Scheme is not ("javascript" or "data")
            ? text
            : throw new FormatException($"--editor needs a link with {{path}}, such as vscode://file/{{path}}:{{line}}, not '{text}'.");
    }
}
