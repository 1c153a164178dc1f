using Agent.Instrumentations.Methods;
using Agent.Tracing;

namespace Agent;

/// <summary>
/// Every variable the agent itself reads. The OpenTelemetry SDK and its exporter read the rest of OTEL_* as specified
/// (samplers, limits, batch processor, OTLP headers, resource attributes).
/// </summary>
sealed class Settings
{
    // In the order of the enumerations. Plain arrays and loops in this class: it runs before Main, where LINQ over enumerations costs 15 ms of JIT.
    static readonly string[] LogLevels = ["none", "error", "warn", "info", "debug"];
    static readonly string[] MiddlewareChoices = ["app", "all", "none"];
    static readonly string[] AppSdkModes = ["join", "separate", "stand-down"];
    static readonly string[] Samplers =
        ["parentbased_always_on", "always_on", "always_off", "traceidratio", "parentbased_always_off", "parentbased_traceidratio"];

    readonly Func<string, string?> _variable;
    readonly List<string> _problems = [];

    /// <param name="variable">Reads an environment variable; null if it is not set.</param>
    public Settings(Func<string, string?> variable)
    {
        _variable = variable;
        LogLevel = (LogLevel)Array.IndexOf(LogLevels, OneOf("OTEL_LOG_LEVEL", "info", LogLevels));
        Exporter = OneOf("OTEL_TRACES_EXPORTER", "otlp", ["otlp", "none"]) == "none" ? TracesExporter.None : TracesExporter.Otlp;
        var protocol = Value("OTEL_EXPORTER_OTLP_TRACES_PROTOCOL") is null ? "OTEL_EXPORTER_OTLP_PROTOCOL" : "OTEL_EXPORTER_OTLP_TRACES_PROTOCOL";
        Protocol = OneOf(protocol, "http/protobuf", ["http/protobuf", "grpc"]);
        Endpoint = EndpointOf(Protocol);
        Middleware = (MiddlewareSpans)Array.IndexOf(MiddlewareChoices, OneOf("AGENT_MIDDLEWARE", "app", MiddlewareChoices));
        AdditionalSources = (Value("OTEL_DOTNET_AUTO_TRACES_ADDITIONAL_SOURCES") ?? "").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        AllInstrumentations = Switch("OTEL_DOTNET_AUTO_TRACES_INSTRUMENTATION_ENABLED") ?? Switch("OTEL_DOTNET_AUTO_INSTRUMENTATION_ENABLED") ?? true;
        AppSdk = (AppSdkMode)Array.IndexOf(AppSdkModes, OneOf("AGENT_APP_SDK", "join", AppSdkModes));
        TraceMethods = Patterns("AGENT_TRACE_METHODS");
        EnvironmentName = Value("ASPNETCORE_ENVIRONMENT") ?? Value("DOTNET_ENVIRONMENT") ?? "Production";
        OneOf("OTEL_TRACES_SAMPLER", "parentbased_always_on", Samplers);
        SamplerArgument();
    }

    /// <summary>The settings of this process. Read once, on first use.</summary>
    public static Settings Current { get; } = new(Environment.GetEnvironmentVariable);

    /// <summary>OTEL_LOG_LEVEL.</summary>
    public LogLevel LogLevel { get; }

    /// <summary>OTEL_TRACES_EXPORTER.</summary>
    public TracesExporter Exporter { get; }

    /// <summary>OTEL_EXPORTER_OTLP_[TRACES_]PROTOCOL: http/protobuf or grpc.</summary>
    public string Protocol { get; }

    /// <summary>Where traces go, as the exporter will work it out; for the line at start, and checked here because the exporter fails silently.</summary>
    public string Endpoint { get; }

    /// <summary>AGENT_MIDDLEWARE.</summary>
    public MiddlewareSpans Middleware { get; }

    /// <summary>OTEL_DOTNET_AUTO_TRACES_ADDITIONAL_SOURCES: activity sources of the app to listen to.</summary>
    public IReadOnlyList<string> AdditionalSources { get; }

    /// <summary>
    /// OTEL_DOTNET_AUTO_TRACES_INSTRUMENTATION_ENABLED, else OTEL_DOTNET_AUTO_INSTRUMENTATION_ENABLED: whether instrumentations are on that
    /// have no switch set of their own.
    /// </summary>
    public bool AllInstrumentations { get; }

    /// <summary>OTEL_DOTNET_AUTO_TRACES_{NAME}_INSTRUMENTATION_ENABLED; null if it is not set.</summary>
    public bool? Instrumentation(string name)
    {
        var variable = $"OTEL_DOTNET_AUTO_TRACES_{name}_INSTRUMENTATION_ENABLED";
        var count = _problems.Count;
        var value = Switch(variable);
        if (_problems.Count > count)
            Log.Warn(_problems[^1]); // the others were said at start, when the names were not known
        return value;
    }

    /// <summary>AGENT_APP_SDK: what happens if the app has an OpenTelemetry SDK of its own.</summary>
    public AppSdkMode AppSdk { get; }

    /// <summary>AGENT_TRACE_METHODS: the app's own methods that get spans.</summary>
    public IReadOnlyList<MethodPattern> TraceMethods { get; }

    /// <summary>What the host takes for the environment's name.</summary>
    public string EnvironmentName { get; }

    /// <summary>A sentence for each value that is not accepted: its name, the value, what is accepted, what is used instead.</summary>
    public IReadOnlyList<string> Problems => _problems;

    /// <summary>Empty counts as not set, as specified.</summary>
    string? Value(string name) => _variable(name)?.Trim() is { Length: > 0 } value ? value : null;

    string OneOf(string name, string usual, string[] accepted)
    {
        if (Value(name) is not { } value)
            return usual;
        foreach (var candidate in accepted)
        {
            if (candidate.Equals(value, StringComparison.OrdinalIgnoreCase))
                return candidate;
        }
        _problems.Add($"{name}={value} is not accepted (one of {string.Join(", ", accepted)}); using {usual}.");
        return usual;
    }

    List<MethodPattern> Patterns(string name)
    {
        var patterns = new List<MethodPattern>();
        foreach (var text in (Value(name) ?? "").Split(';', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            if (MethodPattern.Parse(text) is { } pattern)
                patterns.Add(pattern);
            else
                _problems.Add($"{name}: {text} is not accepted (Namespace.Type.Method, with * for any characters and optionally the types of its parameters in parentheses); it is left out.");
        }
        return patterns;
    }

    bool? Switch(string name)
    {
        if (Value(name) is not { } value)
            return null;
        if (bool.TryParse(value, out var isOn))
            return isOn;
        _problems.Add($"{name}={value} is not accepted (true or false); using what holds without it.");
        return null;
    }

    string EndpointOf(string protocol)
    {
        var usual = protocol == "grpc" ? "http://localhost:4317" : "http://localhost:4318/v1/traces";
        foreach (var name in (string[])["OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "OTEL_EXPORTER_OTLP_ENDPOINT"])
        {
            if (Value(name) is not { } value)
                continue;
            if (!Uri.TryCreate(value, UriKind.Absolute, out var uri) || uri.Scheme is not ("http" or "https"))
            {
                _problems.Add($"{name}={value} is not accepted (an absolute http or https address); using {usual}.");
                return usual;
            }
            // Only the address for all signals gets the signal's path appended, and only over HTTP.
            return name == "OTEL_EXPORTER_OTLP_ENDPOINT" && protocol != "grpc" ? $"{value.TrimEnd('/')}/v1/traces" : value;
        }
        return usual;
    }

    void SamplerArgument()
    {
        if (Value("OTEL_TRACES_SAMPLER")?.EndsWith("traceidratio", StringComparison.OrdinalIgnoreCase) != true || Value("OTEL_TRACES_SAMPLER_ARG") is not { } value)
            return;
        if (!double.TryParse(value, System.Globalization.CultureInfo.InvariantCulture, out var ratio) || ratio is not (>= 0 and <= 1))
            _problems.Add($"OTEL_TRACES_SAMPLER_ARG={value} is not accepted (a number from 0 to 1); using 1.");
    }
}

/// <summary>The values of OTEL_TRACES_EXPORTER.</summary>
enum TracesExporter
{
    /// <summary>OTLP over the chosen protocol.</summary>
    Otlp,

    /// <summary>Spans are made and thrown away.</summary>
    None,
}

/// <summary>The values of AGENT_MIDDLEWARE: which middlewares get a span.</summary>
enum MiddlewareSpans
{
    /// <summary>What the app or a package adds.</summary>
    App,

    /// <summary>Also what the framework adds by itself: routing, host filtering, endpoint execution.</summary>
    All,

    /// <summary>None.</summary>
    None,
}
