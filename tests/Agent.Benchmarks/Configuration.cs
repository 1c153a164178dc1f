using System.Reflection;
namespace Agent.Benchmarks;

/// <summary>One way to run an app.</summary>
/// <param name="Key">Its name on the command line and in the JSON file.</param>
/// <param name="Name">Its name in the tables.</param>
/// <param name="App">The program.</param>
/// <param name="HasAgent">Whether the startup hook is set.</param>
/// <param name="SendsSpans">Whether spans must arrive; if not, none may.</param>
/// <param name="Settings">What the agent is told in its environment, each NAME=VALUE.</param>
sealed record Configuration(string Key, string Name, string App, bool HasAgent, bool SendsSpans, IReadOnlyList<string> Settings)
{
    public static Configuration NoAgent { get; } = new("no-agent", "no agent", "Storefront", HasAgent: false, SendsSpans: false, []);
    public static Configuration AlwaysOff { get; } = new("always-off", "agent, always_off", "Storefront", HasAgent: true, SendsSpans: false, ["OTEL_TRACES_SAMPLER=always_off"]);
    public static Configuration Agent { get; } = new("agent", "agent", "Storefront", HasAgent: true, SendsSpans: true, []);
    public static Configuration ByHand { get; } = new("by-hand", "by hand", "StorefrontHandwired", HasAgent: false, SendsSpans: true, []);
    public static IReadOnlyList<Configuration> All { get; } = [NoAgent, AlwaysOff, Agent, ByHand];

    /// <summary>The agent with other settings than its defaults.</summary>
    public static Configuration With(IReadOnlyList<string> settings) => Agent with { Key = "with", Name = $"agent, {string.Join(", ", settings)}", Settings = settings };

    /// <summary>Those in which an app can run: by hand if there is a twin of it, {name}Handwired.</summary>
    public static IReadOnlyList<Configuration> Of(string app) => File.Exists(ByHand.Dll(app)) ? All : [NoAgent, AlwaysOff, Agent];

    public static string Artifacts { get; } =
        typeof(Configuration).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(item => item.Key == "ArtifactsFolder").Value!;
    static readonly string Hook = Path.Combine(Artifacts, "agent", "Agent.StartupHook.dll");

    /// <param name="app">Another app than the configuration's own; null for that.</param>
    public string AppName(string? app) => app is null ? App : this == ByHand ? $"{app}Handwired" : app;

    /// <inheritdoc cref="AppName"/>
    public string Dll(string? app) => Path.Combine(Artifacts, "bin", AppName(app), "release", AppName(app) + ".dll");

    /// <summary>The first file that is needed and not there.</summary>
    public string? MissingFile(string? app) => ((string[])[Dll(app), .. HasAgent ? (string[])[Hook] : []]).FirstOrDefault(file => !File.Exists(file));

    /// <summary>Makes a child's environment this configuration's: nothing of whoever started the benchmark, then what it needs.</summary>
    public void Apply(IDictionary<string, string?> environment, Uri collector)
    {
        foreach (var name in environment.Keys.Where(IsOurs).ToArray())
            environment.Remove(name);
        environment["Logging__LogLevel__Default"] = "Warning"; // a line for each request would hide everything else
        environment["Logging__LogLevel__Microsoft.Hosting.Lifetime"] = "Information";
        if (HasAgent)
            environment["DOTNET_STARTUP_HOOKS"] = Hook;
        if (HasAgent || SendsSpans)
        {
            environment["OTEL_EXPORTER_OTLP_ENDPOINT"] = collector.AbsoluteUri;
            environment["OTEL_EXPORTER_OTLP_PROTOCOL"] = "http/protobuf";
        }
        foreach (var setting in Settings.Select(setting => setting.Split('=', 2)))
            environment[setting[0]] = setting[1];
    }

    static bool IsOurs(string name) => name == "DOTNET_STARTUP_HOOKS" || name.StartsWith("OTEL_", StringComparison.Ordinal) || name.StartsWith("AGENT_", StringComparison.Ordinal);
}
