using System.CommandLine;
using System.Runtime.CompilerServices;
using Agent.Entry;

namespace Agent.CommandLine;

/// <summary>`agent run`: starts a program with the variables that make it be traced, and where the system allows becomes that program.</summary>
static class RunCommand
{
    const string Name = "run", HooksVariable = "DOTNET_STARTUP_HOOKS";

    /// <summary>As env(1) and the shells have them: there is no exit code of the program.</summary>
    const int CannotBeRun = 126, NotFound = 127;

    /// <param name="program">What follows the first --; null if nothing does.</param>
    public static Command Make(string[]? program)
    {
        var environment = new Option<string>("--env") { HelpName = "NAME", Description = "The environment's name for the app: sets ASPNETCORE_ENVIRONMENT and DOTNET_ENVIRONMENT." };
        var otlp = new Option<string>("--otlp") { HelpName = "URL", Description = "Where traces go, for example http://localhost:4318 (OTLP over HTTP) or http://localhost:4317 (gRPC)." };
        var set = new Option<string[]>("--set") { HelpName = "NAME=VALUE", Description = "An environment variable for the app, as often as you like; for example a setting of the agent." };
        var view = new Option<bool>("--view") { Description = "Show the traces while the app runs: as trees on stderr, and on http://localhost:16686." };
        var print = new Option<bool>("--print") { Description = "Print the variables that would be set, as a shell reads them, and start nothing." };
        otlp.Validators.Add(static result =>
        {
            if (result.Tokens is [var url] && !RunOptions.IsAddress(url.Value))
                result.AddError($"--otlp takes an http or https address, such as http://localhost:4318, not {url.Value}.");
        });
        set.Validators.Add(static result =>
        {
            foreach (var pair in result.Tokens.Where(static token => !RunOptions.IsPair(token.Value)))
                result.AddError($"--set takes NAME=VALUE, such as --set AGENT_MIDDLEWARE=none, not {pair.Value}.");
        });
        var command = new Command(Name, "Start a program that is traced: agent run [options] -- COMMAND… Its streams, signals, terminal and exit code are its own.")
        {
            environment, otlp, set, view, print,
        };
        command.Validators.Add(result =>
        {
            if (result.GetValue(view) && result.GetResult(otlp) is not null)
                result.AddError("--view prints the traces instead of sending them, so there is nothing for --otlp to say.");
        });
        command.SetAction(parsed => Run(new RunOptions
        {
            Environment = parsed.GetValue(environment),
            Otlp = parsed.GetValue(otlp),
            Set = parsed.GetValue(set) ?? [],
            View = parsed.GetValue(view),
            Print = parsed.GetValue(print),
        }, program));
        return command;
    }

    /// <summary>Runs what is written in the plain way.</summary>
    /// <returns>The exit code; null if it has to be read by the library for command lines.</returns>
    public static int? RunPlain(string[] own, string[]? program) =>
        own is [Name, .. var words] && program is not null && RunOptions.OfPlain(words) is { } options ? Run(options, program) : null;

    /// <summary>What follows the first -- is the program's, and not to be understood by anybody else.</summary>
    /// <returns>The part of the command line for this program, and the other; null if there is none.</returns>
    public static (string[] Own, string[]? Program) Split(string[] args)
    {
        if (args is not [Name, ..])
            return (args, null);
        var at = Array.IndexOf(args, "--");
        return at < 0 ? (args, null) : (args[..at], args[(at + 1)..]);
    }

    /// <summary>Does not return where the program can take this one's place.</summary>
    static int Run(RunOptions options, string[]? program)
    {
        if (!options.Print && program is null or [])
            return Say.WrongUsage("What is to be started comes after --, for example: agent run -- dotnet MyApp.dll");
        if (!File.Exists(AgentFolder.Hook))
            return Say.Wrong($"The agent is not beside this program: there is no {AgentFolder.Hook}. Publish or install it again.");
        var changes = Variables(options, Environment.GetEnvironmentVariable);
        if (options.Print)
        {
            foreach (var (name, value) in changes)
                Console.Out.WriteLine($"export {name}='{value.Replace("'", @"'\''", StringComparison.Ordinal)}'");
            return ExitCode.Fine;
        }
        if (FindProgram(program![0], changes) is not { } path)
        {
            Say.Error($"There is no program {program[0]}{(program[0].Contains('/', StringComparison.Ordinal) ? "" : " in the folders of PATH")}.");
            return NotFound;
        }
        if (!IsProgram(path))
        {
            Say.Error($"{program[0]} is not a program that can be started{(path.EndsWith(".dll", StringComparison.OrdinalIgnoreCase) ? $"; meant was perhaps: agent run -- dotnet {program[0]}" : " (it may not be executed).")}");
            return CannotBeRun;
        }
        if (AppWithAgent(path, program) is { } app && BringsAgent(app))
            LeaveHookOut(changes);
        if (options.View)
            return Viewing.Run(path, program, changes);
        if (OperatingSystem.IsWindows())
            return ChildProgram.Run(path, program, changes);
        Say.Error($"{program[0]} cannot be started: {Replacement.Execute(path, program, changes)}.");
        return CannotBeRun;
    }

    /// <summary>The variables that are to be set, with their values; of several about one the last counts.</summary>
    static List<Variable> Variables(RunOptions options, Func<string, string?> current)
    {
        var hooks = current(HooksVariable) is { Length: > 0 } others ? With(others) : AgentFolder.Hook;
        List<Variable> changes = [new(HooksVariable, hooks)];
        if (options.Environment is { } environment)
        {
            changes.Add(new("ASPNETCORE_ENVIRONMENT", environment));
            changes.Add(new("DOTNET_ENVIRONMENT", environment));
        }
        if (options.Otlp is { } otlp)
            AddEndpoint(changes, otlp, current);
        foreach (var pair in options.Set)
        {
            var end = pair.IndexOf('=', StringComparison.Ordinal);
            changes.Add(new(pair[..end], pair[(end + 1)..]));
        }
        return changes;
    }

    /// <summary>The app that a command starts, if a folder for an agent of its own lies beside it; null if none does, which costs no more than looking for it.</summary>
    static string? AppWithAgent(string path, string[] program)
    {
        var isHost = program.Length > 1 && Path.GetFileNameWithoutExtension(path) == "dotnet";
        var app = isHost ? program[1] : path;
        return isHost && !app.EndsWith(".dll", StringComparison.OrdinalIgnoreCase) || Path.GetDirectoryName(Path.GetFullPath(app)) is not { } folder || !Directory.Exists(Path.Combine(Checking.AppFile.AgentFolderOf(folder), "net10.0")) ? null : app;
    }

    /// <summary>A method of its own, because reading an app's files is code that others do not need.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    static bool BringsAgent(string app) => Checking.AppFile.Read(app, out _)?.BringsAgent == true;

    /// <summary>An app that brings the agent starts it by itself; which of two builds is the first is no matter of chance then.</summary>
    static void LeaveHookOut(List<Variable> changes)
    {
        changes.RemoveAt(0); // ours; what --set says stays
        if (Environment.GetEnvironmentVariable(HooksVariable) is { Length: > 0 } hooks)
            changes.Insert(0, new(HooksVariable, Hooks.Without(hooks) ?? ""));
    }

    /// <summary>A method of its own, because that rule is in another assembly, which need not be loaded where there are no other hooks.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    static string With(string others) => Hooks.With(AgentFolder.Hook, others);

    /// <summary>For traces only: what the app itself sends stays where it is. The usual port of gRPC means gRPC, and HTTP has a path.</summary>
    internal static void AddEndpoint(List<Variable> changes, string otlp, Func<string, string?> current)
    {
        var start = otlp.IndexOf("://", StringComparison.Ordinal) + 3;
        var path = otlp.IndexOf('/', start);
        var isGrpc = (path < 0 ? otlp : otlp[..path]).EndsWith(":4317", StringComparison.Ordinal);
        var isBare = path < 0 || path == otlp.Length - 1;
        changes.Add(new("OTEL_EXPORTER_OTLP_TRACES_PROTOCOL", isGrpc ? "grpc" : "http/protobuf"));
        changes.Add(new("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", isBare && !isGrpc ? otlp.TrimEnd('/') + "/v1/traces" : otlp));
        if (current("OTEL_TRACES_EXPORTER") is { Length: > 0 } exporters && !exporters.Contains("otlp", StringComparison.OrdinalIgnoreCase))
            changes.Add(new("OTEL_TRACES_EXPORTER", "otlp"));
    }

    /// <summary>As execvp(3) looks: in the folders of PATH if the name has no slash.</summary>
    internal static string? FindProgram(string name, List<Variable> changes)
    {
        if (name.Contains('/', StringComparison.Ordinal) || OperatingSystem.IsWindows() && name.Contains('\\', StringComparison.Ordinal))
            return Path.Exists(name) ? name : null;
        var folders = Environment.GetEnvironmentVariable("PATH") ?? "";
        foreach (var change in changes)
            folders = change.Name == "PATH" ? change.Value : folders;
        string? found = null;
        foreach (var folder in folders.Split(Path.PathSeparator))
        {
            foreach (var ending in OperatingSystem.IsWindows() ? (string[])["", ".exe", ".cmd", ".bat"] : [""])
            {
                var path = Path.Combine(folder.Length > 0 ? folder : ".", name + ending);
                if (!File.Exists(path))
                    continue;
                if (IsProgram(path))
                    return path;
                found ??= path;
            }
        }
        return found;
    }

    static bool IsProgram(string path) => OperatingSystem.IsWindows() || Replacement.MayExecute(path);
}
