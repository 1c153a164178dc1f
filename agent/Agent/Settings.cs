using Agent.Configuration;
using Agent.Instrumentations.Methods;
using Agent.Tracing;

namespace Agent;

/// <summary>
/// Every setting there is, from the environment and, for what is not set there, from agent.json. All are read and checked here; those that
/// the OpenTelemetry SDK reads itself (samplers, limits, retry) it reads through <see cref="ForSdk"/>.
/// </summary>
sealed class Settings
{
    // In the order of the enumerations. Plain arrays and loops in this class: it runs before Main, where LINQ over enumerations costs 15 ms of JIT.
    static readonly string[] LogLevels = ["none", "error", "warn", "info", "debug"];
    static readonly string[] Loggers = ["console", "file", "none"];
    static readonly string[] MiddlewareChoices = ["app", "all", "none"];
    static readonly string[] AppSdkModes = ["join", "separate", "stand-down"];
    static readonly string[] UsualPropagators = ["tracecontext", "baggage"];
    static readonly string[] Samplers =
        ["parentbased_always_on", "always_on", "always_off", "traceidratio", "parentbased_always_off", "parentbased_traceidratio"];

    readonly SettingReader _reader;

    /// <param name="environment">Reads an environment variable; null if it is not set.</param>
    /// <param name="file">What agent.json says; null if there is none.</param>
    /// <param name="fileProblems">What is wrong with it, as sentences.</param>
    /// <param name="folder">The app's, for what lies beside it; null for this process.</param>
    public Settings(Func<string, string?> environment, IReadOnlyDictionary<string, string>? file = null, IReadOnlyList<string>? fileProblems = null, string? folder = null)
    {
        _reader = new(environment, file);
        HasFile = file is not null;
        NamesInFile = file?.Keys ?? [];
        foreach (var problem in fileProblems ?? [])
            _reader.Say(problem);
        LogLevel = (LogLevel)Array.IndexOf(LogLevels, _reader.OneOf("OTEL_LOG_LEVEL", "info", LogLevels));
        LogDirectory = _reader.Text("OTEL_DOTNET_AUTO_LOG_DIRECTORY");
        Logger = LoggerOf(LogDirectory);
        StatusFile = _reader.Text("AGENT_STATUS_FILE");
        AreChildProcessesTraced = _reader.OneOf("AGENT_CHILD_PROCESSES", "exclude", ["exclude", "inherit"]) == "inherit";
        _reader.Switch("OTEL_SDK_DISABLED", usual: false); // these two are decided before (Decision); here a wrong value is said
        _reader.Switch("OTEL_DOTNET_AUTO_TRACES_ENABLED", usual: true);
        Exporters = _reader.SomeOf("OTEL_TRACES_EXPORTER", ["otlp"], ["otlp", "console", "zipkin"]);
        Otlp = new(_reader);
        Zipkin = new(_reader);
        Batch = new(_reader);
        Resource = new(_reader);
        Propagators = _reader.SomeOf("OTEL_PROPAGATORS", UsualPropagators, ["tracecontext", "baggage", "b3", "b3multi", "jaeger", "xray"]);
        Middleware = (MiddlewareSpans)Array.IndexOf(MiddlewareChoices, _reader.OneOf("AGENT_MIDDLEWARE", "app", MiddlewareChoices));
        AdditionalSources = _reader.List("OTEL_DOTNET_AUTO_TRACES_ADDITIONAL_SOURCES");
        AdditionalLegacySources = _reader.List("OTEL_DOTNET_AUTO_TRACES_ADDITIONAL_LEGACY_SOURCES");
        AllInstrumentations = _reader.Switch("OTEL_DOTNET_AUTO_TRACES_INSTRUMENTATION_ENABLED") ?? _reader.Switch("OTEL_DOTNET_AUTO_INSTRUMENTATION_ENABLED") ?? true;
        AppSdk = (AppSdkMode)Array.IndexOf(AppSdkModes, _reader.OneOf("AGENT_APP_SDK", "join", AppSdkModes));
        TraceMethods = Patterns("AGENT_TRACE_METHODS");
        FlushOnUnhandledException = _reader.Switch("OTEL_DOTNET_AUTO_FLUSH_ON_UNHANDLEDEXCEPTION", usual: true);
        Plugins = (_reader.Text("OTEL_DOTNET_AUTO_PLUGINS") ?? "").Split(':', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        InstrumentationFile = FindInstrumentationFile(folder ?? AppContext.BaseDirectory);
        EnvironmentName = _reader.Text("ASPNETCORE_ENVIRONMENT") ?? _reader.Text("DOTNET_ENVIRONMENT") ?? "Production";
        (Sampler, SamplerRatio) = ReadSampler();
        IgnoredPaths = _reader.List("AGENT_IGNORE_PATHS");
        IgnoredUrls = Addresses("AGENT_IGNORE_URLS");
        IsPollingTraced = _reader.Switch("AGENT_POLLING", usual: false);
        CheckLimits();
        Retry = ReadRetry();
        ForSdk = new(_reader);
    }

    /// <summary>The settings of this process. Read on first use, and anew whenever the agent is attached.</summary>
    public static Settings Current { get; private set; } = OfProcess();

    /// <summary>What `agent attach` was given, which counts before the environment.</summary>
    static IReadOnlyDictionary<string, string>? s_given;

    /// <summary>Reads them anew.</summary>
    /// <param name="given">What `agent attach` was given, by the names of variables.</param>
    public static Settings Attach(IReadOnlyDictionary<string, string> given)
    {
        s_given = given;
        return Current = OfProcess();
    }

    /// <summary>Whether `agent attach` was given a setting.</summary>
    public static bool IsGiven(string name) => s_given?.ContainsKey(name) == true;

    /// <summary>A variable of this process; null if it is not set.</summary>
    public static string? Variable(string name) => s_given is not null && s_given.TryGetValue(name, out var value) ? value : Environment.GetEnvironmentVariable(name);

    static Settings OfProcess() => Of(AppContext.BaseDirectory, Variable);

    /// <summary>The settings of an app.</summary>
    /// <param name="folder">Its folder.</param>
    /// <param name="environment">Reads an environment variable; null if it is not set.</param>
    public static Settings Of(string folder, Func<string, string?> environment)
    {
        var problems = new List<string>();
        var file = ConfigurationFile.Read(folder, environment(ConfigurationFile.Variable), problems);
        return new(environment, file, problems, folder);
    }

    /// <summary>Whether there is an agent.json.</summary>
    public bool HasFile { get; }

    /// <summary>What agent.json sets.</summary>
    public IEnumerable<string> NamesInFile { get; }

    /// <summary>The settings for the OpenTelemetry SDK and packages that are made for it.</summary>
    public SdkConfiguration ForSdk { get; }

    /// <summary>What is set for a name, whether or not it is accepted; null if it is not set.</summary>
    public string? Raw(string name) => _reader.Raw(name);

    /// <summary>OTEL_LOG_LEVEL.</summary>
    public LogLevel LogLevel { get; }

    /// <summary>OTEL_DOTNET_AUTO_LOGGER: where the agent says it; by default in a file if there is a folder for it.</summary>
    public Logger Logger { get; }

    /// <summary>OTEL_DOTNET_AUTO_LOG_DIRECTORY.</summary>
    public string? LogDirectory { get; }

    /// <summary>AGENT_STATUS_FILE.</summary>
    public string? StatusFile { get; }

    /// <summary>AGENT_CHILD_PROCESSES: whether the programs that the app starts inherit the agent.</summary>
    public bool AreChildProcessesTraced { get; }

    /// <summary>OTEL_TRACES_EXPORTER: otlp, console, zipkin; empty if spans are made and thrown away.</summary>
    public IReadOnlyList<string> Exporters { get; }

    /// <summary>OTEL_EXPORTER_OTLP_….</summary>
    public OtlpSettings Otlp { get; }

    /// <summary>OTEL_DOTNET_EXPERIMENTAL_OTLP_RETRY: in_memory, none, disk.</summary>
    public string Retry { get; }

    /// <summary>OTEL_EXPORTER_ZIPKIN_….</summary>
    public ZipkinSettings Zipkin { get; }

    /// <summary>OTEL_BSP_….</summary>
    public BatchSettings Batch { get; }

    /// <summary>OTEL_SERVICE_NAME, OTEL_RESOURCE_ATTRIBUTES and what is detected.</summary>
    public ResourceSettings Resource { get; }

    /// <summary>OTEL_PROPAGATORS, each once, in their order; empty for none.</summary>
    public IReadOnlyList<string> Propagators { get; }

    /// <summary>Whether the formats of trace contexts are the two that .NET speaks by itself.</summary>
    public bool HasUsualPropagators => Propagators.Count == 2 && Array.IndexOf(UsualPropagators, Propagators[0]) >= 0 && Array.IndexOf(UsualPropagators, Propagators[1]) >= 0;

    /// <summary>AGENT_MIDDLEWARE.</summary>
    public MiddlewareSpans Middleware { get; }

    /// <summary>OTEL_DOTNET_AUTO_TRACES_ADDITIONAL_SOURCES: activity sources of the app to listen to.</summary>
    public IReadOnlyList<string> AdditionalSources { get; }

    /// <summary>OTEL_DOTNET_AUTO_TRACES_ADDITIONAL_LEGACY_SOURCES: names of activities that are made without a source.</summary>
    public IReadOnlyList<string> AdditionalLegacySources { get; }

    /// <summary>
    /// OTEL_DOTNET_AUTO_TRACES_INSTRUMENTATION_ENABLED, else OTEL_DOTNET_AUTO_INSTRUMENTATION_ENABLED: whether instrumentations are on that
    /// have no switch set of their own.
    /// </summary>
    public bool AllInstrumentations { get; }

    /// <summary>OTEL_DOTNET_AUTO_PLUGINS: assembly-qualified names of types.</summary>
    public IReadOnlyList<string> Plugins { get; }

    /// <summary>AGENT_INSTRUMENTATION_FILE, or what lies beside the app; null if there is none.</summary>
    public string? InstrumentationFile { get; }

    /// <summary>Whether there are plugins of any kind.</summary>
    public bool HasPlugins => Plugins.Count > 0 || InstrumentationFile is not null;

    /// <summary>OTEL_DOTNET_AUTO_FLUSH_ON_UNHANDLEDEXCEPTION.</summary>
    public bool FlushOnUnhandledException { get; }

    /// <summary>OTEL_DOTNET_AUTO_TRACES_{NAME}_INSTRUMENTATION_ENABLED; null if it is not set.</summary>
    public bool? Instrumentation(string name) =>
        _reader.Switch($"OTEL_DOTNET_AUTO_TRACES_{name}_INSTRUMENTATION_ENABLED", Log.Warn); // the others were said at start, when the names were not known

    /// <summary>OTEL_TRACES_SAMPLER.</summary>
    public string Sampler { get; }

    /// <summary>OTEL_TRACES_SAMPLER_ARG, for a sampler that has one.</summary>
    public double SamplerRatio { get; }

    /// <summary>AGENT_IGNORE_PATHS: requests that are not traced; * stands for any characters.</summary>
    public IReadOnlyList<string> IgnoredPaths { get; }

    /// <summary>AGENT_POLLING: whether what libraries do for themselves, again and again, has traces.</summary>
    public bool IsPollingTraced { get; }

    /// <summary>AGENT_IGNORE_URLS: outgoing HTTP calls that get no span; addresses without a query, in which * stands for any characters.</summary>
    public IReadOnlyList<string> IgnoredUrls { get; }

    /// <summary>AGENT_APP_SDK: what happens if the app has an OpenTelemetry SDK of its own.</summary>
    public AppSdkMode AppSdk { get; }

    /// <summary>AGENT_TRACE_METHODS: the app's own methods that get spans.</summary>
    public IReadOnlyList<MethodPattern> TraceMethods { get; }

    /// <summary>What the host takes for the environment's name.</summary>
    public string EnvironmentName { get; }

    /// <summary>A sentence for each value that is not accepted: its name, the value, what is accepted, what is used instead.</summary>
    public IReadOnlyList<string> Problems => _reader.Problems;

    /// <summary>What is used, and where it comes from.</summary>
    public Setting[] Used => _reader.Used;

    Logger LoggerOf(string? folder)
    {
        const string variable = "OTEL_DOTNET_AUTO_LOGGER";
        var logger = (Logger)Array.IndexOf(Loggers, _reader.OneOf(variable, folder is null ? "console" : "file", Loggers));
        if (logger != Logger.File || folder is not null)
            return logger;
        _reader.Refuse(variable, "file", "together with OTEL_DOTNET_AUTO_LOG_DIRECTORY", "console");
        return Logger.Console;
    }

    string? FindInstrumentationFile(string folder)
    {
        const string variable = "AGENT_INSTRUMENTATION_FILE", usual = "Instrumentation.Server.dll";
        var chosen = _reader.Raw(variable);
        var isOff = "off".Equals(chosen, StringComparison.OrdinalIgnoreCase);
        var path = Path.Combine(folder, chosen ?? usual);
        var isThere = !isOff && File.Exists(path);
        if (chosen is null || isOff || isThere)
            _reader.Text(variable, usual);
        else
            _reader.Refuse(variable, chosen, "a file, or off", "none");
        return isThere ? Path.GetFullPath(path) : null;
    }

    (string Name, double Ratio) ReadSampler()
    {
        const string argument = "OTEL_TRACES_SAMPLER_ARG";
        var sampler = _reader.OneOf("OTEL_TRACES_SAMPLER", "parentbased_always_on", Samplers);
        if (!sampler.EndsWith("traceidratio", StringComparison.Ordinal))
            return (sampler, 1);
        var ratio = 1.0;
        if (_reader.Raw(argument) is { } value && (!double.TryParse(value, System.Globalization.CultureInfo.InvariantCulture, out ratio) || ratio is not (>= 0 and <= 1)))
        {
            _reader.Refuse(argument, value, "a number from 0 to 1", "1");
            return (sampler, 1);
        }
        _reader.Text(argument, "1");
        return (sampler, ratio);
    }

    List<MethodPattern> Patterns(string name)
    {
        var patterns = new List<MethodPattern>();
        foreach (var text in (_reader.Text(name) ?? "").Split(';', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            if (MethodPattern.Parse(text) is { } pattern)
                patterns.Add(pattern);
            else
                _reader.Say($"{name}: {text} is not accepted (Namespace.Type.Method, with * for any characters and optionally the types of its parameters in parentheses); it is left out.");
        }
        return patterns;
    }

    List<string> Addresses(string name)
    {
        var addresses = new List<string>();
        foreach (var address in _reader.List(name))
        {
            if (!address.Contains('?', StringComparison.Ordinal) && (address[0] == '*' || address.StartsWith("http", StringComparison.OrdinalIgnoreCase)))
                addresses.Add(address);
            else
                _reader.Say($"{name}: {address} is not accepted (a whole address without a query, with * for any characters, such as https://logs.example.com/* or */beacon); it is left out.");
        }
        return addresses;
    }

    /// <summary>Whether attributes are cut or left out.</summary>
    public bool HasAttributeLimits { get; private set; }

    /// <summary>The exporter for OTLP applies them; the console and Zipkin show everything.</summary>
    void CheckLimits()
    {
        foreach (var name in (string[])["OTEL_ATTRIBUTE_VALUE_LENGTH_LIMIT", "OTEL_SPAN_ATTRIBUTE_VALUE_LENGTH_LIMIT"])
            HasAttributeLimits |= _reader.Number(name, usual: null, 0, int.MaxValue, "characters") is not null;
        var attributes = _reader.Number("OTEL_ATTRIBUTE_COUNT_LIMIT", 128, 0, int.MaxValue, "attributes");
        foreach (var name in (string[])["OTEL_SPAN_ATTRIBUTE_COUNT_LIMIT", "OTEL_EVENT_ATTRIBUTE_COUNT_LIMIT", "OTEL_LINK_ATTRIBUTE_COUNT_LIMIT"])
            HasAttributeLimits |= _reader.Number(name, attributes, 0, int.MaxValue, "attributes") < 128;
        _reader.Number("OTEL_SPAN_EVENT_COUNT_LIMIT", 128, 0, int.MaxValue, "events");
        _reader.Number("OTEL_SPAN_LINK_COUNT_LIMIT", 128, 0, int.MaxValue, "links");
    }

    /// <summary>The exporter knows the one on disk; it would throw for another word.</summary>
    string ReadRetry()
    {
        const string retry = "OTEL_DOTNET_EXPERIMENTAL_OTLP_RETRY", folder = "OTEL_DOTNET_EXPERIMENTAL_OTLP_DISK_RETRY_DIRECTORY_PATH", usual = "in_memory";
        var kind = _reader.OneOf(retry, usual, [usual, "none", "disk"]);
        if (_reader.Text(folder) is null && kind == "disk")
        {
            _reader.Refuse(retry, kind, $"together with {folder}", usual);
            return usual;
        }
        if (kind != "disk")
            _reader.Hide(retry);
        return kind;
    }
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
