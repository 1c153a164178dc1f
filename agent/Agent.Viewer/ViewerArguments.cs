using System.Globalization;

namespace Agent.Viewer;

/// <summary>The command line.</summary>
sealed record ViewerArguments
{
    /// <summary>The option that Ctrl+C does not stop.</summary>
    public const string EndWithInput = "--until-input-ends";

    public const string Usage = """
        Receives traces in the OpenTelemetry protocol and prints each one as a tree as it arrives.

        Agent.Viewer [--http-port 4318] [--grpc-port 4317] [--width N] [--color | --no-color] [--until-input-ends] [--help] [--version]

          --http-port N   port on 127.0.0.1 for http/protobuf; 0 for any free one
          --grpc-port N   port on 127.0.0.1 for grpc; 0 for any free one
          --width N       columns to print, 60 to 500; default: the terminal's, or 120
          --color         colours, whatever the output is
          --no-color      no colours; also with the environment variable NO_COLOR, or if the output is no terminal
          --until-input-ends   stop when standard input ends, not by Ctrl+C: for a program that starts this one

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
        for (var i = 0; i < args.Count; i++)
        {
            switch (args[i])
            {
                case "--port": parsed.Viewer = parsed.Viewer with { Port = Number(args, ref i, 0, 65535) }; break;
                case "--tree": parsed.PrintsTrees = true; break;
                case "--http-port": parsed.Viewer = parsed.Viewer with { HttpPort = Number(args, ref i, 0, 65535) }; break;
                case "--grpc-port": parsed.Viewer = parsed.Viewer with { GrpcPort = Number(args, ref i, 0, 65535) }; break;
                case "--width": parsed.Printer = parsed.Printer with { Width = Number(args, ref i, 60, 500) }; break;
                case "--color": parsed.Printer = parsed.Printer with { Color = true }; break;
                case EndWithInput: parsed.EndsWithInput = true; break;
                case "--no-color": parsed.Printer = parsed.Printer with { Color = false }; break;
                case "--help" or "-h": parsed.WantsHelp = true; break;
                case "--version": parsed.WantsVersion = true; break;
                default:
                    throw new FormatException(
                        $"Unknown argument '{args[i]}'; accepted are --http-port N, --grpc-port N, --width N, --color, --no-color, --until-input-ends, --help and --version.");
            }
        }

        return parsed;
    }

    static int Number(IReadOnlyList<string> args, ref int i, int least, int most)
    {
        var (name, text) = (args[i], ++i < args.Count ? args[i] : null);
        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most
            ? number
            : throw new FormatException($"{name} needs a whole number from {least} to {most}{(text is null ? "" : $", not '{text}'")}.");
    }
}
