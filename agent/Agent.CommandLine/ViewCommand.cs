using System.CommandLine;

namespace Agent.CommandLine;

/// <summary>`agent view`: becomes the viewer, which says itself what it does not understand.</summary>
static class ViewCommand
{
    const string Name = "view";

    public static Command Make()
    {
        Option[] options =
        [
            WithValue("--port", "N", "Port of the pages and APIs (16686); 0 for any free one."),
            WithValue("--http-port", "N", "Port for OTLP over HTTP, protobuf or JSON (4318); 0 for any free one."),
            WithValue("--grpc-port", "N", "Port for OTLP over gRPC (4317); 0 for any free one."),
            WithValue("--listen", "ADDRESS", "An address of this machine, or any, instead of loopback only; needs a token."),
            WithValue("--token", "TEXT", "What a sender or reader has to show; also in AGENT_VIEWER_TOKEN."),
            WithValue("--host", "NAME", "A further name, besides localhost, by which it may be asked for without a token."),
            WithValue("--memory", "SIZE", "Memory for traces (256MiB); the oldest go first."),
            WithValue("--data", "FOLDER", "Keeps traces on disk, too, and has them again after a restart."),
            WithValue("--data-size", "SIZE", "Disk space for them (1GiB)."),
            WithValue("--editor", "LINK", "What opens a source line, with {path} and {line} (vscode://file/{path}:{line})."),
            new Option<bool>("--tree") { Description = "Prints each trace as a tree, too." },
            WithValue("--width", "N", "Columns to print, 60 to 500; default: the terminal's, or 120."),
            new Option<bool>("--color") { Description = "Colours, whatever the output is." },
            new Option<bool>("--no-color") { Description = "No colours." },
        ];
        var command = new Command(Name, "Receive traces and show them on http://localhost:16686, also as Jaeger's API and for coding agents (MCP at /mcp).");
        foreach (var option in options)
            command.Options.Add(option);
        command.SetAction(parsed => Run([.. options.SelectMany(option => parsed.GetResult(option) is { } given ? Words(option.Name, [.. given.Tokens.Select(static token => token.Value)]) : [])]));
        return command;
    }

    static Option<string[]> WithValue(string name, string value, string description) => new(name) { HelpName = value, Description = description, AllowMultipleArgumentsPerToken = false };

    // An option that is given twice has two values.
    static IEnumerable<string> Words(string name, string[] values) => values.Length == 0 ? [name] : values.SelectMany(value => (string[])[name, value]);

    static int Run(List<string> arguments)
    {
        var (file, all) = ViewerProgram.With(arguments);
        List<Variable> changes = [new("DOTNET_STARTUP_HOOKS", "")]; // the viewer is not to be traced
        var path = RunCommand.FindProgram(file, changes);
        if (path is null)
            return Say.Wrong("The viewer cannot be started: there is no dotnet in the folders of PATH.");
        if (OperatingSystem.IsWindows())
            return ChildProgram.Run(path, [file, .. all], changes);
        return Say.Wrong($"The viewer cannot be started: {Replacement.Execute(path, [file, .. all], changes)}.");
    }
}
