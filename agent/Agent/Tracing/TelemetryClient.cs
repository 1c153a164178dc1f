namespace Agent.Tracing;

/// <summary>What an app may have that sends telemetry, and how its requests are told from the app's. A row of the table in docs/libraries.md.</summary>
/// <param name="name">What it is called.</param>
/// <param name="assemblies">Libraries that are such clients; other apps may ask for the same paths.</param>
/// <param name="endings">How the addresses end that it sends to, without a query.</param>
/// <param name="parts">What else such an address may have anywhere.</param>
sealed class TelemetryClient(string name, string[] assemblies, string[] endings, string[] parts)
{
    readonly string[] _assemblies = assemblies;

    /// <summary>Those that are known.</summary>
    public static IReadOnlyList<TelemetryClient> All { get; } =
    [
        new("OTLP", ["OpenTelemetry.Exporter.OpenTelemetryProtocol", "Serilog.Sinks.OpenTelemetry"], ["/v1/traces", "/v1/logs", "/v1/metrics"], ["/opentelemetry.proto.collector."]),
        new("Zipkin", ["OpenTelemetry.Exporter.Zipkin"], ["/api/v2/spans"], []),
        new("Azure Monitor", ["Azure.Monitor.OpenTelemetry.Exporter", "Microsoft.ApplicationInsights"],
            ["/v2/track", "/v2.1/track"], ["/QuickPulseService.svc/", ".livediagnostics.monitor.azure.com/", "//169.254.169.254/metadata/instance/compute"]),
        new("Sentry", ["Sentry"], ["/envelope/"], []),
        new("Seq", ["Serilog.Sinks.Seq", "Seq.Extensions.Logging"], ["/ingest/clef", "/api/events/raw"], []),
        new("Datadog", ["Datadog.Trace", "Serilog.Sinks.Datadog.Logs"], ["/v0.4/traces", "/v0.5/traces", "/v0.7/config"], ["intake.logs.", "/telemetry/proxy/"]),
        new("Elastic APM", ["Elastic.Apm"], ["/intake/v2/events", "/config/v1/agents"], []),
        new("New Relic", ["NewRelic.Telemetry", "Serilog.Sinks.NewRelic.Logs"], ["/log/v1", "/trace/v1", "/metric/v1"], []),
        new("Loki", ["Serilog.Sinks.Grafana.Loki"], ["/loki/api/v1/push"], []),
        new("Splunk", ["Serilog.Sinks.Splunk"], [], ["/services/collector"]),
    ];

    /// <summary>What it is called.</summary>
    public string Name => name;

    /// <summary>Libraries that are such clients.</summary>
    public IReadOnlyList<string> Assemblies => _assemblies;

    /// <summary>How the addresses end that it sends to, and what they may have anywhere.</summary>
    public IEnumerable<string> Addresses => [.. endings.Select(static ending => "*" + ending), .. parts.Select(static part => $"*{part}*")];

    /// <summary>Whether the app may have it.</summary>
    public bool IsThere => Array.Exists(_assemblies, AppAssemblies.MayHave);

    /// <summary>Whether an address is one that it sends to.</summary>
    /// <param name="url">Without a query.</param>
    public bool SendsTo(ReadOnlySpan<char> url)
    {
        foreach (var ending in endings)
        {
            if (url.EndsWith(ending, StringComparison.OrdinalIgnoreCase))
                return true;
        }
        foreach (var part in parts)
        {
            if (url.Contains(part, StringComparison.OrdinalIgnoreCase))
                return true;
        }
        return false;
    }

    /// <summary>Whether an assembly is a part of one of them.</summary>
    /// <param name="assembly">Its simple name.</param>
    public static bool Owns(string assembly) => assembly.StartsWith("Azure.Monitor.", StringComparison.Ordinal) || assembly.StartsWith("Aspire.", StringComparison.Ordinal)
        || All.Any(client => Array.Exists(client._assemblies, own => assembly == own || assembly.StartsWith(own + ".", StringComparison.Ordinal)));
}
