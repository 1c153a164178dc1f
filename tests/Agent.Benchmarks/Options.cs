using System.Globalization;

namespace Agent.Benchmarks;

/// <summary>The command line.</summary>
sealed record Options
{
    public const string Usage = """
        Measures the Storefront with and without the agent, the configurations taking turns.

          --rounds N          rounds under load, 0 for none (5)
          --startups N        rounds of starting and stopping, 0 for none (15)
          --duration SECONDS  of each run under load and each run with one connection (10)
          --warmup SECONDS    under load before that (8)
          --connections N     of the runs under load (32)
          --path P            the page (/)
          --app NAME          another of the test apps; by hand is its twin NAMEHandwired, if there is one.
                              Without --path, Chat is asked by hub calls, Greeter by gRPC calls, Counter by clicks in Blazor circuits
          --only NAME,NAME    these of always-off, agent, by-hand, and always no-agent (all)
          --with NAME=VALUE   measures the agent also with this setting, such as AGENT_MIDDLEWARE=none; several are one configuration
          --quick             a short look: 2 rounds, 3 startups, 3 s, warm-up 2 s; options after it win
          --help              this text

        """;

    public int Rounds { get; private init; } = 5;
    public int Startups { get; private init; } = 15;
    public int Duration { get; private init; } = 10;
    public int WarmUp { get; private init; } = 8;
    public int Connections { get; private init; } = 32;
    public string? Path { get; private init; }
    public string? App { get; private init; }
    IReadOnlyList<Configuration> Only { get; init; } = Configuration.All;
    IReadOnlyList<string> Settings { get; init; } = [];

    /// <summary>What takes turns.</summary>
    public IReadOnlyList<Configuration> Configurations =>
        [.. App is null ? Only : Only.Intersect(Configuration.Of(App)), .. Settings.Count > 0 ? [Configuration.With(Settings)] : Array.Empty<Configuration>()];

    public Load Load => Load.Of(App, Path);
    public bool WantsHelp { get; private init; }

    /// <exception cref="FormatException">Something in it is not understood; the message names it.</exception>
    public static Options Parse(ReadOnlySpan<string> args)
    {
        var options = new Options();
        while (args is [var name, .. var rest])
        {
            var value = rest is [var next, ..] ? next : null;
            (options, var takesValue) = name switch
            {
                "--help" or "-h" => (options with { WantsHelp = true }, false),
                "--quick" => (options with { Rounds = 2, Startups = 3, Duration = 3, WarmUp = 2 }, false),
                "--rounds" => (options with { Rounds = Number(name, value, 0) }, true),
                "--startups" => (options with { Startups = Number(name, value, 0) }, true),
                "--duration" => (options with { Duration = Number(name, value, 1) }, true),
                "--warmup" => (options with { WarmUp = Number(name, value, 0) }, true),
                "--connections" => (options with { Connections = Number(name, value, 1) }, true),
                "--path" when value?.StartsWith('/') == true => (options with { Path = value }, true),
                "--path" => throw new FormatException($"--path takes a path that starts with a slash, not {value ?? "nothing"}."),
                "--app" when value is not null => (options with { App = value }, true),
                "--app" => throw new FormatException("--app takes the name of a test app, not nothing."),
                "--only" => (options with { Only = Named(value) }, true),
                "--with" when value?.IndexOf('=', StringComparison.Ordinal) > 0 => (options with { Settings = [.. options.Settings, value] }, true),
                "--with" => throw new FormatException($"--with takes a setting, NAME=VALUE, not {value ?? "nothing"}."),
                _ => throw new FormatException($"There is no option {name}; --help lists them."),
            };
            args = takesValue ? rest[1..] : rest;
        }
        return options is { Rounds: 0, Startups: 0, WantsHelp: false } ? throw new FormatException("--rounds 0 --startups 0 leaves nothing to measure.") : options;
    }

    static int Number(string name, string? value, int least) =>
        int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= least
            ? number
            : throw new FormatException($"{name} takes a whole number from {least}, not {value ?? "nothing"}.");

    static Configuration[] Named(string? value)
    {
        var keys = value?.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries) ?? [];
        var unknown = keys.FirstOrDefault(key => Configuration.All.All(known => known.Key != key));
        if (keys.Length == 0 || unknown is not null)
            throw new FormatException($"--only takes names out of {string.Join(',', Configuration.All.Select(known => known.Key))}, not {unknown ?? "nothing"}.");
        return [.. Configuration.All.Where(known => known == Configuration.NoAgent || keys.Contains(known.Key))];
    }
}
